// Two OAuth 2 / OIDC authorization servers on oidc-provider: one shaped like Google's, one like
// Microsoft's, plus a plain-HTTP control port for tests (TTL, faults, revocation, auto-approve).
import https from 'node:https';
import http from 'node:http';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import Provider, { interactionPolicy } from 'oidc-provider';
import { Store } from './store.mjs';

const cfg = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { Prompt, Check, base } = interactionPolicy;
const esc = (s) => String(s ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const log = (...a) => console.log(new Date().toISOString(), ...a);

function once(name, make) {
  const f = join(cfg.data, name);
  if (!existsSync(f)) writeFileSync(f, make(), { mode: 0o600 });
  return readFileSync(f, 'utf8');
}
function body(req) {
  return new Promise((ok, bad) => {
    let s = '';
    req.on('data', (d) => { s += d; if (s.length > 1e6) req.destroy(); });
    req.on('end', () => ok(s)); req.on('error', bad);
  });
}
function send(res, status, type, text, headers = {}) {
  res.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...headers });
  res.end(text);
}
const page = (title, inner) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>${esc(title)}</title>
<body style="font:16px sans-serif;max-width:26em;margin:3em auto"><h1>${esc(title)}</h1>${inner}</body></html>`;

const realms = {};
function makeRealm(name) {
  const r = cfg.realms[name];
  const google = r.kind === 'google';
  const st = {
    name, r, google,
    ttl: { access: r.accessTtl ?? 3600, refresh: r.refreshTtl ?? 86400 * 30 },
    rotate: r.rotate ?? !google, tokenBits: r.tokenBits ?? 256,
    auto: null, faults: [], offline: new Map(),
    store: new Store(join(cfg.data, `${name}.store.json`)),
  };
  const userOf = (id) => r.users.find((u) => u.id === id);
  const identify = (u) => {                        // a stable opaque subject, as both vendors give
    const h = createHash('sha256').update(`${name}/${u.email}`).digest('hex');
    u.id ??= google ? BigInt(`0x${h.slice(0, 17)}`).toString().padStart(21, '1') : `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
  };
  r.users.forEach(identify);
  st.identify = identify;
  st.userOf = userOf;
  const jwks = JSON.parse(once(`${name}.jwks.json`, () => {
    const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
    return JSON.stringify({ keys: [{ ...jwk, kid: randomBytes(8).toString('hex'), use: 'sig', alg: 'RS256' }] });
  }));
  const policy = base();
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  policy.get('login').checks.add(new Check('other_hint', 'login_hint names another account', (ctx) => {
    const { oidc } = ctx;
    const hint = oidc.params.login_hint;
    if (!hint || !oidc.session.accountId || oidc.result?.login) return Check.NO_NEED_TO_PROMPT;
    return userOf(oidc.session.accountId)?.email === hint ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
  }));
  const p = new Provider(r.issuer, {
    adapter: st.store.adapter(),
    jwks,
    clockTolerance: 0,                              // default 15 s: tokens would outlive their TTL
    conformIdTokenClaims: false,                    // put email into the id_token, as both vendors do
    cookies: {
      keys: [once(`${name}.cookie.key`, () => randomBytes(32).toString('hex'))],
      // cookies ignore the port: two providers on one host need different names
      names: { session: `_${name}_s`, interaction: `_${name}_i`, resume: `_${name}_r` },
    },
    clients: [...r.clients, {
      client_id: r.introspector.id, client_secret: r.introspector.secret,
      redirect_uris: [], response_types: [], grant_types: [], token_endpoint_auth_method: 'client_secret_basic',
    }],
    scopes: ['openid', 'offline_access', ...r.mailScopes],
    claims: {
      openid: ['sub'], email: ['email', 'email_verified'],
      profile: google ? ['name', 'given_name', 'family_name'] : ['name', 'preferred_username', 'tid', 'oid'],
      ...(google ? { hd: null } : {}),
    },
    extraParams: ['access_type', 'include_granted_scopes', 'hd', 'domain_hint', 'rig_implicit'],
    features: {
      devInteractions: { enabled: false },
      introspection: {
        enabled: true,
        // without the kind check a REFRESH token introspects as active and opens the mailbox
        allowedPolicy: (ctx, client, token) => client.clientId === r.introspector.id && token.kind === 'AccessToken',
      },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: false },
    },
    routes: r.routes,
    formats: { bitsOfOpaqueRandomness: (ctx, token) => (token.kind === 'AccessToken' ? st.tokenBits : 256) },
    ttl: {
      AccessToken: () => st.ttl.access, RefreshToken: () => st.ttl.refresh, IdToken: () => 3600,
      AuthorizationCode: () => 60, Grant: () => 86400 * 90, Session: () => 86400, Interaction: () => 600,
    },
    expiresWithSession: () => false,                // default: tokens without offline_access die with the login session
    rotateRefreshToken: () => st.rotate,            // default for confidential clients: only after 70 % of the lifetime
    issueRefreshToken: async (ctx, client, source) => (google
      ? st.offline.get(source.jti) === true         // Google: access_type=offline, and only where consent was shown
      : source.scopes.has('offline_access')),
    extraTokenClaims: (ctx, token) => (userOf(token.accountId) ? { email: userOf(token.accountId).email } : undefined),
    findAccount: async (ctx, id) => {
      const u = userOf(id);
      if (!u || u.disabled) return undefined;
      return {
        accountId: id,
        claims: async () => ({
          sub: id, email: u.email, email_verified: true, name: u.name, given_name: u.name, family_name: 'Rig',
          preferred_username: u.email, tid: r.tenant, oid: u.id, hd: u.email.split('@')[1],
        }),
      };
    },
    interactions: { policy, url: (ctx, i) => `${r.mount ?? ''}/interaction/${i.uid}` },
    renderError: (ctx, out) => { ctx.type = 'html'; ctx.body = page('Error', Object.entries(out).map(([k, v]) => `<p><b>${esc(k)}</b> ${esc(v)}</p>`).join('')); },
  });
  // any port of this machine may be the callback; the path must be a registered one
  p.Client.prototype.redirectUriAllowed = function allowed(uri) {
    const u = URL.parse(uri);
    return !!u && ['127.0.0.1', 'localhost', '[::1]'].includes(u.hostname) && r.callbackPaths.includes(u.pathname) && !u.search && !u.hash;
  };
  p.on('authorization.success', (ctx) => {
    const code = ctx.oidc.entities.AuthorizationCode;
    if (code && google) st.offline.set(code.jti, ctx.oidc.params.access_type === 'offline' && !!ctx.oidc.result?.consent);
  });
  p.use(async (ctx, next) => {
    await next();
    // Google's answer to a refresh holds no refresh_token; oidc-provider repeats the old one
    if (google && ctx.oidc?.route === 'token' && ctx.oidc.params?.grant_type === 'refresh_token' && ctx.body) delete ctx.body.refresh_token;
  });
  p.on('server_error', (ctx, e) => log(name, 'server_error', e.stack));
  for (const ev of ['grant.error', 'authorization.error', 'introspection.error', 'revocation.error']) {
    p.on(ev, (ctx, e) => log(name, ev, e.error, e.error_description, e.error_detail ?? ''));
  }
  p.on('grant.success', (ctx) => log(name, 'token', ctx.oidc.params.grant_type, ctx.oidc.entities.Account && userOf(ctx.oidc.entities.Account.accountId)?.email, ctx.body.scope));
  st.provider = p;
  st.callback = p.callback();
  st.revokeGrant = (grantId) => { const n = st.store.revokeGrant(grantId); st.store.del(`Grant:${grantId}`); return n; };
  return st;
}

// ---- login and consent pages -------------------------------------------------------------
async function finishConsent(st, d, granted) {
  const p = st.provider;
  let grant = d.grantId ? await p.Grant.find(d.grantId) : undefined;
  grant ??= new p.Grant({ accountId: d.session.accountId, clientId: d.params.client_id });
  const asked = d.params.scope.split(' ');
  for (const s of asked) {
    if (granted.includes(s) || !st.r.mailScopes.includes(s)) grant.addOIDCScope(s); else grant.rejectOIDCScope(s);
  }
  return { consent: { grantId: await grant.save() } };
}
async function interaction(st, req, res, uid, action) {
  const p = st.provider;
  let d;
  try { d = await p.interactionDetails(req, res); } catch (e) {
    return send(res, 400, 'text/html', page('Session expired', `<p>${esc(e.message)}</p>`));
  }
  const form = new URLSearchParams(req.method === 'POST' ? await body(req) : '');
  const hint = d.params.login_hint ?? '';
  const wantLogin = d.prompt.name === 'login' || d.prompt.name === 'select_account';
  const done = (result) => p.interactionFinished(req, res, result, { mergeWithLastSubmission: true });
  const loginOf = (u) => done({ login: { accountId: u.id, remember: true }, ...(d.prompt.name === 'select_account' ? { select_account: {} } : {}) });

  if (action === 'deny') return p.interactionFinished(req, res, { error: 'access_denied', error_description: 'the user said no' }, { mergeWithLastSubmission: false });
  const auto = req.headers['x-rig-auto'] ? { email: req.headers['x-rig-auto'] } : st.auto;
  if (auto) {
    if (auto.deny) return p.interactionFinished(req, res, { error: 'access_denied', error_description: 'the user said no' }, { mergeWithLastSubmission: false });
    if (wantLogin) {
      const u = st.r.users.find((x) => x.email === (auto.email === '*' ? hint : auto.email));
      if (!u) return send(res, 400, 'text/plain', 'auto-approve: no such user');
      return loginOf(u);
    }
    return done(await finishConsent(st, d, auto.scopes ?? d.params.scope.split(' ')));
  }
  if (!wantLogin && d.params.rig_implicit && d.grantId && !d.prompt.reasons.some((x) => x.endsWith('_missing'))) {
    return done({ consent: { grantId: d.grantId } });  // Microsoft: consent once given is not asked again
  }
  if (req.method === 'POST' && action === 'login' && wantLogin) {
    const u = st.r.users.find((x) => x.email === form.get('email')?.trim().toLowerCase());
    if (u && !u.disabled && form.get('password') === u.password) return loginOf(u);
    return send(res, 403, 'text/html', page('Sign in', '<p role="alert">Wrong e-mail or password.</p><p><a href="?">Try again</a></p>'));
  }
  if (req.method === 'POST' && action === 'consent' && d.prompt.name === 'consent') return done(await finishConsent(st, d, form.getAll('scope')));
  const root = `${st.r.mount ?? ''}/interaction/${uid}`;
  if (wantLogin) {
    return send(res, 200, 'text/html', page('Sign in', `<form method="post" action="${root}/login">
<p><label>E-mail <input name="email" type="email" required value="${esc(hint)}" autocomplete="username"></label></p>
<p><label>Password <input name="password" type="password" required autocomplete="current-password"></label></p>
<button type="submit">Next</button></form>`));
  }
  const boxes = d.params.scope.split(' ').filter((s) => st.r.mailScopes.includes(s))
    .map((s) => `<p><label><input type="checkbox" name="scope" value="${esc(s)}" checked> ${esc(s)}</label></p>`).join('');
  return send(res, 200, 'text/html', page('Allow access?', `<p>${esc(d.params.client_id)} wants to reach the mailbox of <b>${esc(st.userOf(d.session.accountId)?.email)}</b></p>
<form method="post" action="${root}/consent">${boxes}<button type="submit">Allow</button></form>
<form method="post" action="${root}/deny"><button type="submit">Deny</button></form>`));
}

// ---- front of each realm ------------------------------------------------------------------
function matchFault(st, path) {
  const i = st.faults.findIndex((f) => path.includes(f.path));
  if (i < 0) return undefined;
  const f = st.faults[i];
  if (f.count !== undefined && --f.count <= 0) st.faults.splice(i, 1);
  return f;
}
async function front(st, req, res) {
  const { r } = st;
  let url = req.url;
  const f = matchFault(st, url);
  if (f) {
    log(st.name, 'fault', url.split('?')[0], JSON.stringify(f));
    if (f.delayMs) await new Promise((ok) => setTimeout(ok, f.delayMs));
    if (f.reset) { req.socket.destroy(); return; }
    if (f.status) { send(res, f.status, f.type ?? 'application/json', f.body ?? JSON.stringify({ error: f.error, error_description: f.description })); return; }
  }
  let tenantSeen = r.tenant;
  if (!st.google) {
    const m = /^\/(common|organizations|consumers)(\/.*)$/.exec(url);
    if (m) { [, tenantSeen] = m; url = `/${r.tenant}${m[2]}`; }
    if (url.startsWith(`/${r.tenant}/v2.0/.well-known/`)) url = url.replace(`/${r.tenant}/v2.0/`, `/${r.tenant}/`);
    if (url.startsWith(`/${r.tenant}${r.routes.authorization}?`)) {
      const q = new URLSearchParams(url.split('?')[1]);
      // oidc-provider hands out offline_access only with prompt=consent; Microsoft does without
      const asked = q.get('prompt') ?? '';
      if (q.get('scope')?.includes('offline_access') && !/\b(consent|none)\b/.test(asked)) { q.set('prompt', `${asked} consent`.trim()); q.set('rig_implicit', '1'); url = `${url.split('?')[0]}?${q}`; }
    }
  }
  const path = url.split('?')[0];
  const m = /\/interaction\/([\w-]+)(?:\/(login|consent|deny))?$/.exec(path);
  if (m) { await interaction(st, req, res, m[1], m[2]); return; }
  if (st.google && path === r.routes.revocation && req.method === 'POST' && !req.headers.authorization) {
    const t = new URLSearchParams(await body(req)).get('token');   // Google revokes without client authentication
    const hit = await st.provider.RefreshToken.find(t) ?? await st.provider.AccessToken.find(t);
    if (!hit) { send(res, 400, 'application/json', '{"error":"invalid_token","error_description":"Token expired or revoked"}'); return; }
    st.revokeGrant(hit.grantId);
    send(res, 200, 'application/json', '{}');
    return;
  }
  if (path.endsWith('/.well-known/openid-configuration')) {
    const end = res.end.bind(res);
    const hide = st.google ? [] : ['revocation_endpoint', 'introspection_endpoint'];
    res.end = (chunk, ...a) => {
      if (res.statusCode !== 200 || !chunk) return end(chunk, ...a);
      const doc = JSON.parse(chunk.toString());
      for (const h of [...hide, 'introspection_endpoint']) delete doc[h];
      // Microsoft's multi-tenant metadata carries the literal text {tenantid} in the issuer
      if (tenantSeen !== r.tenant) {
        for (const [k, v] of Object.entries(doc)) if (typeof v === 'string') doc[k] = v.replace(r.tenant, k === 'issuer' ? '{tenantid}' : tenantSeen);
      }
      const text = JSON.stringify(doc);
      res.setHeader('content-length', Buffer.byteLength(text));
      return end(text);
    };
  }
  if (r.mount) {
    if (!url.startsWith(`${r.mount}/`)) { send(res, 404, 'text/plain', 'no such tenant'); return; }
    req.originalUrl = url;
    req.url = url.slice(r.mount.length);
  } else req.url = url;
  await st.callback(req, res);
}

// ---- control port --------------------------------------------------------------------------
const verbs = {
  state: (st) => ({ ttl: st.ttl, rotate: st.rotate, lenient: !!st.store.lenient, auto: st.auto, faults: st.faults, tokens: Object.fromEntries(['Grant', 'AccessToken', 'RefreshToken', 'Session'].map((m) => [m, [...st.store.find(m, () => true)].length])) }),
  set: (st, a) => { if (a.access) st.ttl.access = a.access; if (a.refresh) st.ttl.refresh = a.refresh; if ('rotate' in a) st.rotate = a.rotate; if (a.tokenBits) st.tokenBits = a.tokenBits; if ('lenient' in a) st.store.lenient = a.lenient; return verbs.state(st); },
  auto: (st, a) => { st.auto = a.email || a.deny ? a : null; return { auto: st.auto }; },
  fault: (st, a) => { if (a.clear) st.faults.length = 0; else st.faults.push(a); return { faults: st.faults }; },
  'revoke-user': (st, a) => { const u = st.r.users.find((x) => x.email === a.email); let n = 0; const gs = [...st.store.find('Grant', (g) => g.accountId === u?.id)]; for (const [k] of gs) n += st.revokeGrant(k.slice(6)); return { grants: gs.length, tokens: n }; },
  'expire-access': (st, a) => { let n = 0; const u = st.r.users.find((x) => x.email === a.email); for (const [k] of [...st.store.find('AccessToken', (t) => t.accountId === u?.id)]) { st.store.del(k); n += 1; } return { tokens: n }; },
  'add-user': (st, a) => { let u = st.r.users.find((x) => x.email === a.email); if (!u) { u = { email: a.email, password: a.password, name: a.name ?? a.email }; st.identify(u); st.r.users.push(u); } return u; },
  user: (st, a) => { const u = st.r.users.find((x) => x.email === a.email); Object.assign(u, a.set); return u; },
  reset: (st) => { st.store.clear(); st.faults.length = 0; st.auto = null; st.ttl.access = st.r.accessTtl ?? 3600; return verbs.state(st); },
};
async function control(req, res) {
  const [, verb, realm] = req.url.split('/');
  if (verb === 'health') { send(res, 200, 'application/json', '{"ok":true}'); return; }
  const st = realms[realm];
  if (!st || !verbs[verb]) { send(res, 404, 'application/json', '{"error":"no such verb or realm"}'); return; }
  const args = req.method === 'POST' ? JSON.parse(await body(req) || '{}') : {};
  send(res, 200, 'application/json', JSON.stringify(verbs[verb](st, args)));
}

const tls = { key: readFileSync(cfg.key), cert: readFileSync(cfg.cert) };
const guard = (fn) => (req, res) => fn(req, res).catch((e) => { log('error', e.stack); if (!res.headersSent) send(res, 500, 'text/plain', 'rig error'); });
const servers = [];
for (const name of Object.keys(cfg.realms)) {
  realms[name] = makeRealm(name);
  servers.push(https.createServer(tls, guard((q, s) => front(realms[name], q, s))).listen(cfg.realms[name].port, cfg.host));
}
servers.push(http.createServer(guard(control)).listen(cfg.controlPort, cfg.host, () => log('ready')));
for (const sig of ['SIGTERM', 'SIGINT']) {
  process.on(sig, () => { for (const st of Object.values(realms)) st.store.flush(); process.exit(0); });
}
