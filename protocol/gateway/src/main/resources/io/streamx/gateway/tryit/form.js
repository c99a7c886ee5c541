// Forms that are made of types: one control for each value, in the shape that the value has in JSON.

const INTEGERS = {i8: 'whole number', i16: 'whole number', i32: 'whole number'};
let ids = 0;

export function element(tag, properties, ...children) {
  const made = document.createElement(tag);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

/** What a message of a type looks like before anything was filled in. */
export function example(type, types) {
  const definition = type.t === 'ref' ? types[type.to] : null;
  if (definition?.kind === 'enum') {
    return definition.values[0] ?? 0;
  }
  if (definition?.kind === 'union') {
    return {};
  }
  if (definition) {
    const needed = definition.fields.filter(field => !field.optional);
    return Object.fromEntries(needed.map(field => [field.name, shallow(field.type, types)]));
  }
  return shallow(type, types);
}

// Types may hold themselves, so what a field holds is not filled in further.
function shallow(type, types) {
  switch (type.t) {
    case 'bool': return false;
    case 'i8': case 'i16': case 'i32': case 'double': return 0;
    case 'i64': return '0';
    case 'string': case 'binary': return '';
    case 'list': return [];
    case 'map': case 'json': return {};
    case 'none': return null;
    default: {
      const definition = types[type.to];
      return definition.kind === 'enum' ? definition.values[0] ?? 0 : {};
    }
  }
}

/**
 * The control for a value. `change` is called with each new value; `value` undefined stands for one that is not there.
 */
export function control(type, types, value, name, change) {
  const definition = type.t === 'ref' ? types[type.to] : null;
  if (definition?.kind === 'enum') {
    return choice(definition, value, name, change);
  }
  if (definition) {
    return struct(definition, types, value, change);
  }
  switch (type.t) {
    case 'none': return element('p', {className: 'quiet', textContent: 'The method takes no message.'});
    case 'bool': return check(value, name, change);
    case 'list': return list(type, types, value, name, change);
    case 'map': return map(type, types, value, name, change);
    default: return text(type, value, name, change);
  }
}

function labelled(input, name, hint) {
  input.id = 'value-' + ++ids;
  const label = element('label', {htmlFor: input.id, textContent: name + ' '});
  label.append(element('span', {className: 'hint', textContent: hint}));
  return element('div', {}, label, input);
}

function text(type, value, name, change) {
  const shown = value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const input = element('input', {type: 'text', value: shown});
  if (INTEGERS[type.t] || type.t === 'i64') {
    input.inputMode = 'numeric';
  }
  input.addEventListener('input', () => change(parsed(type.t, input.value)));
  return labelled(input, name, type.t === 'binary' ? 'bytes in base64' : type.hint ?? type.t);
}

// A text that is no such value goes out as it is: the server says what is wrong with it, and where.
function parsed(kind, written) {
  if (kind === 'string' || kind === 'binary' || kind === 'i64') {
    return written;
  }
  if (kind === 'json') {
    try {
      return JSON.parse(written);
    } catch {
      return written;
    }
  }
  const number = Number(written);
  return written.trim() === '' || Number.isNaN(number) ? written : number;
}

function check(value, name, change) {
  const input = element('input', {type: 'checkbox', checked: value === true, id: 'value-' + ++ids});
  input.addEventListener('change', () => change(input.checked));
  return element('div', {className: 'check'}, input, ' ', element('label', {htmlFor: input.id, textContent: name}));
}

function choice(definition, value, name, change) {
  const select = element('select', {}, ...definition.values.map(each => element('option', {value: each, textContent: each})));
  if (value !== undefined) {
    select.value = value;
  }
  select.addEventListener('change', () => change(select.value));
  return labelled(select, name, definition.name);
}

function struct(definition, types, value, change) {
  const own = value !== null && typeof value === 'object' && !Array.isArray(value) ? {...value} : {};
  const box = element('div', {});
  for (const field of definition.fields) {
    const place = element('div', {});
    const show = () => place.replaceChildren(...fieldParts(field));
    const fieldParts = each => {
      const doc = each.doc ? [element('p', {className: 'doc hint', textContent: each.doc})] : [];
      if (!Object.hasOwn(own, each.name)) {
        return [button('Add ' + each.name, () => {
          if (definition.kind === 'union') {
            Object.keys(own).forEach(other => delete own[other]);
          }
          own[each.name] = example(each.type, types);
          change({...own});
          show();
          place.querySelector('input, select, button')?.focus();
        }), ...doc];
      }
      const inner = control(each.type, types, own[each.name], each.name, next => {
        own[each.name] = next;
        change({...own});
      });
      const remove = button('Remove ' + each.name, () => {
        delete own[each.name];
        change({...own});
        show();
        place.querySelector('button')?.focus();
      });
      const nested = each.type.t === 'ref' && types[each.type.to].kind !== 'enum';
      return [nested ? element('fieldset', {}, element('legend', {textContent: each.name}), inner) : inner, ...doc, remove];
    };
    show();
    box.append(place);
  }
  if (definition.fields.length === 0) {
    box.append(element('p', {className: 'quiet', textContent: 'No fields.'}));
  }
  return box;
}

function button(label, action) {
  const made = element('button', {type: 'button', textContent: label});
  made.addEventListener('click', action);
  return made;
}

function list(type, types, value, name, change) {
  const own = Array.isArray(value) ? [...value] : [];
  const box = element('fieldset', {});
  const show = () => {
    box.replaceChildren(element('legend', {textContent: name}));
    own.forEach((each, index) => {
      const label = name + ' ' + (index + 1);
      box.append(
          control(type.of, types, each, label, next => {
            own[index] = next;
            change([...own]);
          }),
          button('Remove ' + label, () => {
            own.splice(index, 1);
            change([...own]);
            show();
          }));
    });
    box.append(button('Add to ' + name, () => {
      own.push(example(type.of, types));
      change([...own]);
      show();
    }));
  };
  show();
  return box;
}

function map(type, types, value, name, change) {
  const own = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
  const changed = () => change(Object.fromEntries(own));
  const box = element('fieldset', {});
  const show = () => {
    box.replaceChildren(element('legend', {textContent: name}));
    own.forEach((entry, index) => {
      const label = name + ' ' + (index + 1);
      box.append(
          text({t: 'string', hint: 'key'}, entry[0], label + ' key', next => {
            entry[0] = next;
            changed();
          }),
          control(type.of, types, entry[1], label + ' value', next => {
            entry[1] = next;
            changed();
          }),
          button('Remove ' + label, () => {
            own.splice(index, 1);
            changed();
            show();
          }));
    });
    box.append(button('Add to ' + name, () => {
      own.push(['', example(type.of, types)]);
      changed();
      show();
    }));
  };
  show();
  return box;
}
