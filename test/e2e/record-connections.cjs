/** Preloaded into the wizard's process: writes each host and port that it connects to into CONNECTIONS_LOG. */
const { appendFileSync } = require('node:fs');
const net = require('node:net');

const log = process.env.CONNECTIONS_LOG;
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function recorded(...args) {
  const [options] = net._normalizeArgs(Array.isArray(args[0]) ? args[0] : args);
  if (log && options.port !== undefined)
    appendFileSync(log, `${options.host ?? 'localhost'}:${options.port}\n`);
  return connect.apply(this, args);
};
