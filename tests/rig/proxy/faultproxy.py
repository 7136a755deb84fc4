#!/usr/bin/env python3
"""Fault-injecting proxy for IMAP and SMTP, Python standard library only.

A route is NAME=HOST:PORT:MODE>HOST:PORT:MODE, MODE tcp or tls. With tls on both sides the proxy sees
the plain protocol and can cut inside a literal or change a reply; with tcp it only sees bytes (enough
for STARTTLS ports: latency, rate, resets, byte counts).

Control (HTTP, loopback): GET /state, POST /rule {...}, POST /clear, POST /kill {"route":..},
POST /route {"name":.., "to":"HOST:PORT:MODE", "mode":"tls"} opens a route of one's own on a free port and answers {"port":N}
(tests that run side by side must not share rules), POST /unroute {"name":..} ends it.
A rule: {"route": "imaps", "do": ..., "count": how many times (default 1, 0 = always), ...}
  refuse                              close at once on accept (RST)
  blackhole                           accept, never answer, never connect upstream
  latency   ms                        wait before each chunk from the server
  rate      bps                       slow server, bytes per second
  cut       after                     drop after that many bytes from the server; "rst": true for a reset
  cut-literal  fraction, min          drop inside the next server literal of at least min octets
  freeze    on: "regex"               after a client line matches, deliver nothing more, keep the socket open
  drop      on: "regex"               drop when a client line matches, before the server sees it
  drop-after on: "regex"              forward the client line, drop as soon as the server's answer starts
  reply     on: "regex", text: "..."  answer the client line ourselves ({tag} = IMAP tag); the server never sees it
  inject    text: "..."               send this line to the client right now, on all connections of the route
"""
import argparse, asyncio, json, re, ssl, struct, socket, sys, time

RULES, CONNS, ROUTES = [], {}, {}

def take(route, kinds, pred=lambda r: True):
    for r in RULES:
        if r['route'] == route and r['do'] in kinds and pred(r):
            if r.get('count', 1) > 0:
                r['count'] = r.get('count', 1) - 1
                if r['count'] == 0:
                    RULES.remove(r)
            return r
    return None

def reset(writer):
    sock = writer.get_extra_info('socket')
    if sock is not None:
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        except OSError:
            pass
    writer.transport.abort()

class Conn:
    def __init__(self, route, cr, cw):
        self.route, self.cr, self.cw = route, cr, cw
        self.frozen = False
        self.cut_on_answer = None
        self.sent = 0
        self.in_auth_or_data = False

    def log(self, *a):
        print(time.strftime('%H:%M:%S'), self.route['name'], *a, flush=True)

    def drop(self, rule):
        self.log('drop', json.dumps(rule))
        for w in (self.cw, getattr(self, 'sw', None)):
            if w is not None:
                reset(w) if rule.get('rst') else w.transport.abort()

    async def client_to_server(self):
        while True:
            line = await self.cr.readline() if self.route['plain'] else await self.cr.read(65536)
            if not line:
                break
            if self.route['plain']:
                text = line.decode('latin1')
                hit = lambda r: re.search(r.get('on', ''), text, re.I)
                r = take(self.route['name'], ('reply', 'drop', 'drop-after', 'freeze'), hit)
                if r:
                    self.log('rule', r['do'], repr(text[:60]))
                    if r['do'] == 'reply':
                        tag = text.split(' ', 1)[0].strip()
                        self.cw.write((r['text'].replace('{tag}', tag) + '\r\n').encode())
                        await self.cw.drain()
                        if r.get('close'):
                            self.cw.close(); self.sw.close(); return
                        continue
                    if r['do'] == 'drop':
                        return self.drop(r)
                    if r['do'] == 'freeze':
                        self.frozen = True
                    if r['do'] == 'drop-after':
                        self.cut_on_answer = r
            self.sw.write(line)
            await self.sw.drain()
        if self.sw.can_write_eof():
            self.sw.write_eof()

    async def server_to_client(self):
        name, tail = self.route['name'], b''
        while True:
            data = await self.sr.read(16384)
            if not data:
                break
            if self.cut_on_answer:
                return self.drop(self.cut_on_answer)
            while self.frozen:
                await asyncio.sleep(0.1)
            lat = take(name, ('latency',))
            if lat:
                await asyncio.sleep(lat['ms'] / 1000)
            for r in list(RULES):
                if r['route'] != name:
                    continue
                if r['do'] == 'cut-literal':
                    m = next((m for m in re.finditer(rb'\{(\d+)\}\r\n', tail + data) if int(m[1]) >= r.get('min', 1)), None)
                    if m:
                        take(name, ('cut-literal',))
                        stop = m.end() - len(tail) + int(int(m[1]) * r.get('fraction', 0.5))
                        return await self.deliver_then_drop(data, stop, r)
                if r['do'] == 'cut' and self.sent + len(data) >= r['after']:
                    take(name, ('cut',))
                    return await self.deliver_then_drop(data, r['after'] - self.sent, r)
            tail = (tail + data)[-32:]
            rate = next((r for r in RULES if r['route'] == name and r['do'] == 'rate'), None)
            step = max(1, rate['bps'] // 10) if rate else len(data)
            for i in range(0, len(data), step):
                self.cw.write(data[i:i + step])
                await self.cw.drain()
                if rate:
                    await asyncio.sleep(0.1)
            self.sent += len(data)
        self.cw.close()

    async def deliver_then_drop(self, data, stop, rule):
        while len(data) < stop:                      # the cut lies beyond this chunk
            more = await self.sr.read(16384)
            if not more:
                break
            data += more
        self.cw.write(data[:max(0, stop)])
        await self.cw.drain()
        await asyncio.sleep(0.05)                    # let TLS flush before the abort
        self.drop(rule)

    async def run(self):
        name = self.route['name']
        r = take(name, ('refuse', 'blackhole'))
        if r:
            self.log('rule', r['do'])
            if r['do'] == 'refuse':
                return reset(self.cw)
            await self.cr.read(-1)
            return
        host, port, mode = self.route['to']
        try:
            ctx = ssl._create_unverified_context() if mode == 'tls' else None
            self.sr, self.sw = await asyncio.open_connection(host, port, ssl=ctx)
        except OSError as e:
            self.log('upstream', e)
            return reset(self.cw)
        CONNS.setdefault(name, set()).add(self)
        tasks = [asyncio.create_task(self.client_to_server()), asyncio.create_task(self.server_to_client())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED if self.route['plain'] else asyncio.ALL_COMPLETED)
        finally:
            for t in tasks:
                t.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            CONNS[name].discard(self)
            for w in (self.cw, self.sw):
                w.close()

async def control(reader, writer):
    head = (await reader.readuntil(b'\r\n\r\n')).decode()
    verb, path, _ = head.split(' ', 2)
    n = re.search(r'content-length: *(\d+)', head, re.I)
    args = json.loads(await reader.readexactly(int(n[1])) or b'{}') if n and int(n[1]) else {}
    status, extra = '200 OK', {}
    if path == '/rule':
        if args.get('do') == 'inject':
            for c in CONNS.get(args['route'], ()):
                c.cw.write((args['text'] + '\r\n').encode())
                if args.get('close'):
                    await c.cw.drain(); c.cw.close()
        else:
            RULES.append(args)
    elif path == '/route':
        h, p, m = args['to'].split(':')
        server = ROUTES[args['name']] = await listen({'name': args['name'], 'to': (h, int(p), m), 'plain': m == 'tls' and args['mode'] == 'tls'}, '127.0.0.1', 0, args['mode'])
        extra['port'] = server.sockets[0].getsockname()[1]
    elif path == '/unroute':
        ROUTES.pop(args['name']).close()
        RULES[:] = [r for r in RULES if r['route'] != args['name']]
    elif path == '/clear':
        RULES[:] = [r for r in RULES if args.get('route', r['route']) != r['route']]
    elif path == '/kill':
        for c in list(CONNS.get(args['route'], ())):
            c.drop({'do': 'kill', 'rst': args.get('rst', False)})
    elif path != '/state':
        status = '404 Not Found'
    out = json.dumps({'rules': RULES, 'connections': {k: len(v) for k, v in CONNS.items()}, **extra}).encode()
    writer.write(f'HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(out)}\r\nconnection: close\r\n\r\n'.encode() + out)
    await writer.drain()
    writer.close()

SERVER_CTX = None

async def listen(route, host, port, mode):
    async def accept(r, w):
        try:
            await Conn(route, r, w).run()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, OSError) as e:
            print(route['name'], type(e).__name__, e, flush=True)
    return await asyncio.start_server(accept, host, port, ssl=SERVER_CTX if mode == 'tls' else None, limit=1 << 24)

async def main():
    global SERVER_CTX
    ap = argparse.ArgumentParser()
    ap.add_argument('--control', required=True)
    ap.add_argument('--cert'); ap.add_argument('--key')
    ap.add_argument('routes', nargs='+')
    a = ap.parse_args()
    SERVER_CTX = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    SERVER_CTX.load_cert_chain(a.cert, a.key)
    loop = []
    for spec in a.routes:
        name, rest = spec.split('=', 1)
        (lh, lp, lm), (th, tp, tm) = (x.split(':') for x in rest.split('>'))
        loop.append(await listen({'name': name, 'to': (th, int(tp), tm), 'plain': lm == 'tls' and tm == 'tls'}, lh, int(lp), lm))
    h, p = a.control.split(':')
    loop.append(await asyncio.start_server(control, h, int(p)))
    await asyncio.gather(*(s.serve_forever() for s in loop))

asyncio.run(main())
