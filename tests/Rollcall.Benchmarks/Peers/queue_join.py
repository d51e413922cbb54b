# The usual script in its repaired order: a queue, ten consumers, a session for each request, the body read before task_done().
import asyncio, sys
import aiohttp

count, url, consumers = int(sys.argv[1]), sys.argv[2], 10


async def produce(queue):
    for _ in range(count // 3):
        await queue.put("data")


async def consume(queue, answers):
    while True:
        param = await queue.get()
        async with aiohttp.ClientSession() as session:
            async with session.post(url, json={"param": param}, ssl=False) as response:
                await answers.put(await response.text())
                queue.task_done()


async def main():
    queue, answers = asyncio.Queue(), asyncio.Queue()
    producers = [asyncio.ensure_future(produce(queue)) for _ in range(3)]
    workers = [asyncio.ensure_future(consume(queue, answers)) for _ in range(consumers)]
    await asyncio.gather(*producers)
    await queue.join()
    for worker in workers:
        worker.cancel()
    if answers.qsize() != count // 3 * 3:
        sys.exit(f"{answers.qsize()} of {count // 3 * 3} answers")


asyncio.run(main())
