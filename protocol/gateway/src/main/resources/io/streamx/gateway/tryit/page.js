import {begin, command} from './call.js';
import {control, element, example} from './form.js';

const MODES = {unary: 'unary', server: 'the server streams', client: 'the client streams', bidirectional: 'both stream'};
const MOST_REPLIES = 1000;
const $ = id => document.getElementById(id);

let catalog;
let service;
let method;
let running = null;

const response = await fetch('catalog.json', {cache: 'no-store'});
catalog = await response.json();
list('');
choose(wanted());
$('filter').addEventListener('input', () => list($('filter').value));
addEventListener('hashchange', () => choose(wanted()));

// The method that the address names. An address that somebody has typed wrong names none.
function wanted() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch (malformed) {
    return '';
  }
}

function list(filter) {
  const parts = [];
  for (const each of catalog.services) {
    const methods = each.methods.filter(known => known.key.toLowerCase().includes(filter.trim().toLowerCase()));
    if (methods.length > 0) {
      parts.push(element('h2', {textContent: each.name}));
      if (each.doc) {
        parts.push(element('p', {className: 'doc hint', textContent: each.doc}));
      }
      parts.push(element('ul', {}, ...methods.map(entry)));
    }
  }
  $('services').replaceChildren(...(parts.length > 0 ? parts : [element('p', {textContent: 'No such method.'})]));
}

function entry(known) {
  const label = element('span', {textContent: known.name + ' '});
  const button = element('button', {type: 'button'}, label, element('span', {className: 'mode', textContent: MODES[known.mode]}));
  button.dataset.key = known.key;
  button.setAttribute('aria-current', String(known === method));
  button.addEventListener('click', () => {
    location.hash = encodeURIComponent(known.key);
    $('method').focus();
  });
  return element('li', {}, button);
}

function choose(key) {
  for (const each of catalog.services) {
    for (const known of each.methods) {
      if (known.key === key && known !== method) {
        show(each, known);
      }
    }
  }
}

function show(owner, known) {
  running?.stop();
  service = owner;
  method = known;
  for (const button of document.querySelectorAll('#services button')) {
    button.setAttribute('aria-current', String(button.dataset.key === known.key));
  }
  document.title = known.key + ' – Try it';
  $('choose').hidden = true;
  $('call').hidden = false;
  $('title').textContent = known.key;
  $('doc').textContent = known.doc ?? '';
  $('types').textContent = MODES[known.mode] + ': ' + named(known.request) + ' → ' + (known.oneway ? 'no reply' : named(known.reply));
  $('replies').replaceChildren();
  const streams = isStreamOfRequests();
  $('no-entries').hidden = !streams;
  $('add-entry').hidden = streams;
  if (streams) {
    $('rows').replaceChildren();
  }
  $('start').textContent = streams ? 'Open' : 'Call';
  $('send').hidden = !streams;
  $('finish').hidden = !streams;
  idle('');
  setJson(example(known.request, catalog.types));
  fill();
}

function isStreamOfRequests() {
  return method.mode === 'client' || method.mode === 'bidirectional';
}

function named(type) {
  switch (type.t) {
    case 'ref': return catalog.types[type.to].name;
    case 'list': return 'list of ' + named(type.of);
    case 'map': return 'map of ' + named(type.of);
    case 'none': return 'nothing';
    default: return type.hint ?? type.t;
  }
}

// ---- the message, in a form and in JSON ----

function setJson(value) {
  $('json').value = method.request.t === 'none' ? '' : JSON.stringify(value, null, 2);
  told();
}

function fill() {
  let value;
  try {
    value = $('json').value.trim() === '' ? undefined : JSON.parse($('json').value);
    $('problem').textContent = '';
  } catch (failure) {
    $('problem').textContent = 'not JSON yet: ' + failure.message;
    return;
  }
  $('fields').replaceChildren(control(method.request, catalog.types, value, 'value', setJson));
}

function told() {
  $('problem').textContent = '';
  $('command').textContent = command(service, method, compact(), entries());
  $('copied').textContent = '';
}

/** The JSON on one line as it was written, since numbers may have more digits than a script can hold. */
function compact() {
  return $('json').value.replaceAll(/\s*\n\s*/g, ' ').trim();
}

$('json').addEventListener('input', () => {
  told();
  fill();
});

// ---- headers and metainfo ----

function entries() {
  return [...document.querySelectorAll('.entry')]
      .map(row => ({
        kind: row.querySelector('select').value,
        name: row.querySelector('.name').value.trim(),
        value: row.querySelector('.value').value,
      }))
      .filter(each => each.name !== '');
}

$('add-entry').addEventListener('click', () => {
  const kind = element('select', {}, ...[['header', 'header'], ['persistent', 'persistent metainfo'], ['transient', 'transient metainfo']]
      .map(([value, textContent]) => element('option', {value, textContent})));
  const name = element('input', {type: 'text', className: 'name'});
  const value = element('input', {type: 'text', className: 'value'});
  const remove = element('button', {type: 'button', textContent: 'Remove'});
  const row = element('div', {className: 'entry'},
      element('label', {}, 'Kind', kind), element('label', {}, 'Name', name), element('label', {}, 'Value', value), remove);
  remove.addEventListener('click', () => {
    row.remove();
    told();
    $('add-entry').focus();
  });
  row.addEventListener('input', told);
  $('rows').append(row);
  kind.focus();
});

// ---- the call ----

function say(text, className) {
  const replies = $('replies');
  replies.append(element('li', {textContent: text, className}));
  while (replies.childElementCount > MOST_REPLIES) {
    replies.firstChild.remove();
  }
  replies.scrollTop = replies.scrollHeight;
}

function idle(state) {
  running = null;
  $('state').textContent = state;
  $('start').disabled = false;
  for (const id of ['send', 'finish', 'stop']) {
    $(id).disabled = true;
  }
}

$('call').addEventListener('submit', event => {
  event.preventDefault();
  if (running) {
    return;
  }
  $('replies').replaceChildren();
  $('state').textContent = 'running';
  $('start').disabled = true;
  $('stop').disabled = false;
  let own = null;
  const current = () => own === null || running === own;
  own = attempt(() => begin(method, $('json').value, entries(), {
    open: () => {
      if (current()) {
        $('send').disabled = false;
        $('finish').disabled = false;
      }
    },
    message: text => current() && say(text, 'message'),
    note: text => current() && say(text, 'quiet'),
    error: text => current() && say(text, 'error'),
    end: state => current() && idle(state),
  }));
  running = own;
});

function attempt(step) {
  try {
    return step();
  } catch (failure) {
    say(String(failure), 'error');
    idle('failed');
    return null;
  }
}

$('send').addEventListener('click', () => {
  running?.send($('json').value);
  say('sent ' + compact(), 'quiet');
});
$('finish').addEventListener('click', () => {
  running?.finish();
  $('send').disabled = true;
  $('finish').disabled = true;
});
$('stop').addEventListener('click', () => running?.stop());
$('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText($('command').textContent);
    $('copied').textContent = 'copied';
  } catch {
    getSelection().selectAllChildren($('command'));
    $('copied').textContent = 'selected: copy it with the keyboard';
  }
});
