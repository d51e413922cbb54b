// Starts the Function App on this machine: storage, build and host, one after the other. `npm start -- --help` lists the options.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const usage = `npm start -- [options]
  --port N               the port of the API (7071)
  --storage-ports B,Q,T  the ports of Azurite for blobs, queues and tables (10000,10001,10002)
  --data DIR             the folder with Azurite's data (.azurite)
  --without-core-tools   run the app in the tests' stand-in for the Functions host`;
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const output = join('bin', 'Debug', 'net10.0');
const app = join(root, 'src', 'Rollcall.Functions', output);
const startLimit = 120_000;

// Azurite's published account, the same on every machine.
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const running = [];
let isStopping = false;

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '7071' },
      'storage-ports': { type: 'string', default: '10000,10001,10002' },
      data: { type: 'string', default: join(root, '.azurite') },
      'without-core-tools': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return { ...values, ports: values['storage-ports'].split(',') };
}

// A program's output is kept until everything runs, and shown if something fails.
function start(name, command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const program = { name, child, log: '', isShown: false };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', text => (program.isShown ? process.stdout.write(text) : (program.log += text)));
  }
  program.end = new Promise((resolve, reject) => {
    child.on('error', error => reject(new Error(`${name} cannot be started: ${error.message}.`)));
    child.on('close', code => resolve(code));
  });
  program.end.catch(() => {});
  return program;
}

async function run(name, command, args) {
  const program = start(name, command, args);
  running.push(program);
  const code = await program.end;
  running.pop();
  if (code !== 0) {
    throw new Error(`${name} ended with exit code ${code}.\n${program.log}`);
  }
}

async function waitFor(program, isUp) {
  const limit = Date.now() + startLimit;
  const end = program.end.then(code => { throw new Error(`${program.name} ended with exit code ${code}.\n${program.log}`); });
  end.catch(() => {});
  while (!(await Promise.race([isUp(), end]))) {
    if (Date.now() > limit) {
      throw new Error(`${program.name} did not start within ${startLimit / 1000} s.\n${program.log}`);
    }
    await Promise.race([wait(200), end]);
  }
}

const isListening = port => new Promise(resolve => {
  const socket = connect({ host: '127.0.0.1', port }, () => resolve(true));
  socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
});

const responds = url => fetch(url).then(response => response.ok, () => false);

function storageSetting({ ports }) {
  const endpoints = ['Blob', 'Queue', 'Table'].map((service, i) => `${service}Endpoint=http://127.0.0.1:${ports[i]}/${account};`);
  return `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};${endpoints.join('')}`;
}

async function startStorage({ ports, data }) {
  const taken = await Promise.all(ports.map(isListening));
  if (taken.includes(true)) {
    throw new Error(
      `Port ${ports[taken.indexOf(true)]} is in use, most likely by another Azurite. End it, or choose other ports with --storage-ports.`);
  }
  const names = ['--blobPort', '--queuePort', '--tablePort'];
  const azurite = start('Azurite', process.execPath, [
    join(root, 'node_modules', 'azurite', 'dist', 'src', 'azurite.js'), '--location', data, ...names.flatMap((name, i) => [name, ports[i]]),
    '--skipApiVersionCheck', '--silent', '--loose', '--disableTelemetry']);
  running.push(azurite);
  await waitFor(azurite, async () => (await Promise.all(ports.map(isListening))).every(Boolean));
}

async function build(options) {
  const projects = ['src/Rollcall.Functions', ...(options['without-core-tools'] ? ['tests/Rollcall.FunctionsHost'] : [])];
  for (const project of projects) {
    await run(`dotnet build ${project}`, 'dotnet', ['build', project, '-v', 'q', '-nologo']);
  }
}

async function startHost(options) {
  const health = `http://localhost:${options.port}/api/health`;
  const env = options['storage-ports'] === '10000,10001,10002'
    ? process.env
    : { ...process.env, AzureWebJobsStorage: storageSetting(options) };
  const testHost = join(root, 'tests', 'Rollcall.FunctionsHost', output, 'Rollcall.FunctionsHost.dll');
  const host = options['without-core-tools']
    ? start('The host', 'dotnet', [testHost, app, options.port], { env })
    : start('func', 'func', ['start', '--port', options.port], { cwd: app, env, shell: process.platform === 'win32' });
  running.push(host);
  await waitFor(host, () => responds(health)).catch(error => {
    const hint = options['without-core-tools'] ? '' : '\nIf Core Tools are not installed: npm run start:without-core-tools';
    throw new Error(error.message.trimEnd() + hint);
  });
  return health;
}

// The host first, because it records what is in flight.
async function stop() {
  isStopping = true;
  for (const { child, end } of running.reverse()) {
    child.kill('SIGINT');
    await end.catch(() => {});
  }
}

const options = readOptions();
if (options.help) {
  console.log(usage);
  process.exit(0);
}

// In a terminal, Ctrl-C also reaches the other programs.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => isStopping || stop().then(() => process.exit(0)));
}

try {
  console.log(`1 of 3  Storage: Azurite on ports ${options.ports.join(', ')}, data in ${options.data}`);
  await startStorage(options);
  console.log('2 of 3  Build: src/Rollcall.Functions');
  await build(options);
  console.log(`3 of 3  Host: ${options['without-core-tools'] ? "the tests' stand-in" : 'func start'} on port ${options.port}`);
  const health = await startHost(options);
  console.log(`Ready. Open ${health}
  Send a file:  rollcall submit items.jsonl --to URL --server http://localhost:${options.port} --watch
  All requests: docs/api.md. Ctrl-C stops the app; the next start resumes where it was.`);
  running.forEach(program => { program.isShown = true; });
  const first = await Promise.race(running.map(program => program.end.then(code => ({ program, code }))));
  if (!isStopping) {
    throw new Error(`${first.program.name} ended with exit code ${first.code}.`);
  }
} catch (error) {
  if (!isStopping) {
    console.error(error.message);
    await stop();
    process.exit(1);
  }
}
