// A peer of the tests: node peer.js server|client framed|buffered [PORT], on Apache Thrift's own library. What its compiler
// would write around the library is written by hand, since the compiler is no package of Node.
'use strict';

const path = require('path');
const { createRequire } = require('module');

const thrift = createRequire(path.join(process.env.PEER_MODULES, 'any.js'))('thrift');
const Thrift = thrift.Thrift;
const Type = Thrift.Type;
const [role, carrier, port] = process.argv.slice(2);
const options = {
  transport: carrier === 'framed' ? thrift.TFramedTransport : thrift.TBufferedTransport,
  protocol: thrift.TBinaryProtocol,
};

// ---- structs ----

/** Reads and writes one type of value. */
const types = {
  string: [Type.STRING, (out, v) => out.writeString(v), (inn) => inn.readString()],
  binary: [Type.STRING, (out, v) => out.writeBinary(v), (inn) => inn.readBinary()],
  i32: [Type.I32, (out, v) => out.writeI32(v), (inn) => inn.readI32()],
  bool: [Type.BOOL, (out, v) => out.writeBool(v), (inn) => inn.readBool()],
  double: [Type.DOUBLE, (out, v) => out.writeDouble(v), (inn) => inn.readDouble()],
  strings: [
    Type.LIST,
    (out, v) => {
      out.writeListBegin(Type.STRING, v.length);
      v.forEach((one) => out.writeString(one));
      out.writeListEnd();
    },
    (inn) => Array.from({ length: inn.readListBegin().size }, () => inn.readString()),
  ],
  sums: [
    Type.MAP,
    (out, v) => {
      out.writeMapBegin(Type.STRING, Type.I64, v.size);
      v.forEach((value, key) => {
        out.writeString(key);
        out.writeI64(value);
      });
      out.writeMapEnd();
    },
    (inn) => {
      const map = new Map();
      for (let left = inn.readMapBegin().size; left > 0; left--) {
        const key = inn.readString();
        map.set(key, inn.readI64());
      }
      return map;
    },
  ],
};

/** A type of its own for a struct of those fields: id to name and type. */
function struct(name, fields) {
  const write = (out, value) => {
    out.writeStructBegin(name);
    for (const [id, [field, type]] of Object.entries(fields)) {
      if (value[field] !== undefined && value[field] !== null) {
        out.writeFieldBegin(field, types[type][0], Number(id));
        types[type][1](out, value[field]);
        out.writeFieldEnd();
      }
    }
    out.writeFieldStop();
    out.writeStructEnd();
  };
  const read = (inn) => {
    const value = {};
    inn.readStructBegin();
    for (;;) {
      const { ftype, fid } = inn.readFieldBegin();
      if (ftype === Type.STOP) {
        break;
      }
      const known = fields[fid];
      if (known && types[known[1]][0] === ftype) {
        value[known[0]] = types[known[1]][2](inn);
      } else {
        inn.skip(ftype);
      }
      inn.readFieldEnd();
    }
    inn.readStructEnd();
    return value;
  };
  types[name] = [Type.STRUCT, write, read];
}

struct('Item', {
  1: ['name', 'string'], 2: ['count', 'i32'], 3: ['tags', 'strings'], 4: ['sums', 'sums'], 5: ['raw', 'binary'],
  6: ['flag', 'bool'], 7: ['ratio', 'double'], 8: ['inner', 'Item'],
});
struct('Refused', { 1: ['why', 'string'] });
struct('Turn_args', { 1: ['item', 'Item'], 2: ['times', 'i32'] });
struct('Turn_result', { 0: ['success', 'Item'], 1: ['refused', 'Refused'] });
struct('Text_args', { 1: ['text', 'string'] });
struct('Text_result', { 0: ['success', 'string'] });
struct('Nothing', {});

const methods = {
  Turn: ['Turn_args', 'Turn_result'],
  Note: ['Text_args', 'Nothing'],
  Tell: ['Text_args', null],
  Told: ['Nothing', 'Text_result'],
};

// ---- both ends ----

class Client {
  constructor(output, pClass) {
    this.output = output;
    this.pClass = pClass;
    this._seqid = 0;
    this._reqs = {};
    for (const [name, [, result]] of Object.entries(methods)) {
      this['recv_' + name] = (input, kind, seqId) => this.received(input, kind, seqId, result);
    }
  }

  call(name, values) {
    return new Promise((resolve, reject) => {
      const [args, result] = methods[name];
      const seqId = ++this._seqid;
      const out = new this.pClass(this.output);
      this._reqs[seqId] = (error, value) => (error ? reject(error) : resolve(value));
      out.writeMessageBegin(name, result ? Thrift.MessageType.CALL : Thrift.MessageType.ONEWAY, seqId);
      types[args][1](out, values);
      out.writeMessageEnd();
      this.output.flush();
      if (!result) {
        delete this._reqs[seqId];
        resolve();
      }
    });
  }

  received(input, kind, seqId, result) {
    const done = this._reqs[seqId];
    delete this._reqs[seqId];
    if (kind === Thrift.MessageType.EXCEPTION) {
      const failure = new Thrift.TApplicationException();
      failure.read(input);
      input.readMessageEnd();
      done(failure);
      return;
    }
    const reply = types[result][2](input);
    input.readMessageEnd();
    done(reply.refused ? Object.assign(new Error(reply.refused.why), { why: reply.refused.why }) : null, reply.success);
  }
}

const told = { text: '' };
const handler = {
  Turn({ item, times }) {
    if (times < 0) {
      return { refused: { why: `times: ${times} (expected: 0 or more)` } };
    }
    for (let i = 0; i < times; i++) {
      item.name = [...item.name].reverse().join('');
      item.tags.reverse();
    }
    return { success: item };
  },
  Note: () => ({}),
  Tell({ text }) {
    told.text = text;
  },
  Told: () => ({ success: told.text }),
};

class Processor {
  process(input, output) {
    const { fname, rseqid } = input.readMessageBegin();
    const [args, result] = methods[fname];
    const asked = types[args][2](input);
    input.readMessageEnd();
    const reply = handler[fname](asked);
    if (result) {
      output.writeMessageBegin(fname, Thrift.MessageType.REPLY, rseqid);
      types[result][1](output, reply);
      output.writeMessageEnd();
      output.flush();
    }
  }
}

async function play() {
  const connection = thrift.createConnection('127.0.0.1', Number(port), options);
  connection.on('error', (failure) => {
    console.log('failed', failure.message);
    process.exit(1);
  });
  const client = thrift.createClient({ Client }, connection);
  const item = () => ({
    name: 'abc', count: 7, tags: ['x', 'y'], sums: new Map([['a', 2 ** 40]]), raw: Buffer.from([0, 255]), flag: true,
    ratio: 0.5,
  });
  const got = await client.call('Turn', { item: { ...item(), inner: item() }, times: 1 });
  console.log('turned', got.name, got.count, got.tags.join(','), Number(got.sums.get('a')),
    Buffer.from(got.raw).toString('hex'), got.flag ? 'True' : 'False', got.ratio, got.inner.name);
  try {
    await client.call('Turn', { item: item(), times: -1 });
    console.log('not refused');
  } catch (refused) {
    console.log('refused', refused.why);
  }
  await client.call('Note', { text: 'some text' });
  console.log('noted None');
  await client.call('Tell', { text: 'the last word' });
  console.log('told', await client.call('Told', {}));
  connection.end();
}

if (role === 'server') {
  const server = thrift.createServer(Processor, handler, options);
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
} else {
  play();
}
