# The best practice with aiohttp: one session, 64 at once. Answers are kept in memory; nothing is durable.
import asyncio, sys
import aiohttp

count, url, concurrency = int(sys.argv[1]), sys.argv[2], 64


async def main():
    answers, indexes = [None] * count, iter(range(count))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=concurrency)) as session:

        async def work():
            for index in indexes:
                async with session.post(url, json={"param": "data"}) as response:
                    answers[index] = await response.text()

        await asyncio.gather(*[work() for _ in range(concurrency)])
    if None in answers:
        sys.exit("answers are missing")


asyncio.run(main())
