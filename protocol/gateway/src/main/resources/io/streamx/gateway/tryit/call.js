// Calls of the gateway: unary ones and streams of the server by fetch, streams of requests by WebSocket.

const HEADERS = {header: name => name, persistent: name => 'rpc-persist-' + dashed(name), transient: name => 'rpc-transit-' + dashed(name)};

/** Headers that are no entries of the handler. */
const OF_THE_CONNECTION = ['cache-control', 'connection', 'content-encoding', 'content-length', 'content-type',
  'transfer-encoding', 'x-accel-buffering', 'x-content-type-options'];

// Metainfo travels in names of headers, in which `_` is written as `-`.
function dashed(name) {
  return name.toLowerCase().replaceAll('_', '-');
}

/** Begins a call. `on` is told of what comes: message(text), note(text), error(text), end(state). */
export function begin(method, json, entries, on) {
  return method.mode === 'client' || method.mode === 'bidirectional'
    ? talk(method, on)
    : ask(method, json, entries, on);
}

function ask(method, json, entries, on) {
  const abort = new AbortController();
  run(method, json, entries, on, abort.signal).catch(failure => {
    if (abort.signal.aborted) {
      on.end('stopped');
    } else {
      on.error(String(failure));
      on.end('failed');
    }
  });
  return {stop: () => abort.abort()};
}

async function run(method, json, entries, on, signal) {
  const headers = new Headers({'content-type': 'application/json'});
  for (const entry of entries) {
    headers.append(HEADERS[entry.kind](entry.name), entry.value);
  }
  const response = await fetch(method.path, {method: 'POST', headers, body: json, signal, cache: 'no-store'});
  for (const [name, value] of response.headers) {
    if (!OF_THE_CONNECTION.includes(name)) {
      on.note(name + ': ' + value);
    }
  }
  if (!response.ok) {
    on.error(response.status + ' ' + await response.text());
    on.end('failed');
  } else if (method.mode === 'server') {
    await lines(response, on);
  } else {
    on.message(await response.text());
    on.end('done');
  }
}

async function lines(response, on) {
  let rest = '';
  let state = 'cut off';
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    rest += decoder.decode(piece.value, {stream: true});
    const whole = rest.split('\n');
    rest = whole.pop();
    for (const line of whole.filter(each => each !== '')) {
      state = take(line, on) ?? state;
    }
  }
  on.end(state);
}

// Numbers that a script cannot hold are shown as they came: what stands behind the only member's name, up to the last brace.
function take(line, on) {
  const [name] = Object.keys(JSON.parse(line));
  const value = line.slice(line.indexOf(':') + 1, line.lastIndexOf('}'));
  if (name === 'message') {
    on.message(value);
    return null;
  }
  if (name === 'header') {
    on.note('header ' + value);
    return null;
  }
  const end = JSON.parse(value);
  if (end.metadata) {
    on.note('trailer ' + JSON.stringify(end.metadata));
  }
  if (end.error) {
    on.error(JSON.stringify(end.error));
    return 'failed';
  }
  return 'done';
}

function talk(method, on) {
  const url = new URL(method.path, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  const socket = new WebSocket(url);
  let state = 'cut off';
  socket.addEventListener('open', () => on.open());
  socket.addEventListener('message', event => {
    state = take(event.data, on) ?? state;
  });
  socket.addEventListener('close', event => {
    if (state === 'cut off' && event.reason) {
      on.error(event.reason);
    }
    on.end(state);
  });
  return {
    send: json => socket.send('{"message":' + json + '}'),
    finish: () => socket.send('{"end":{}}'),
    stop: () => {
      state = 'stopped';
      socket.close();
    },
  };
}

/** The line that makes the call in a shell, as the command `streamx` takes it. */
export function command(service, method, json, entries) {
  const words = ['streamx', 'call', location.port ? location.host : location.host + (location.protocol === 'https:' ? ':443' : ':80'),
    quoted(method.call)];
  words.push(...(service.format === 'thrift' ? ['--idl', 'FILE.thrift'] : ['--reflect']));
  if (location.protocol === 'https:') {
    words.push('--tls');
  }
  for (const entry of entries) {
    words.push(...(entry.kind === 'header'
      ? ['-H', quoted(entry.name + ': ' + entry.value)]
      : ['--' + entry.kind, quoted(entry.name + '=' + entry.value)]));
  }
  if (method.request.t !== 'none') {
    words.push('-d', quoted(json));
  }
  return words.join(' ');
}

// Within single quotes a shell takes everything as it stands.
function quoted(word) {
  return /^[\w./:=@-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
}
