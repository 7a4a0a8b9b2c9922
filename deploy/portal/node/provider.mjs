// An OpenID provider made by others, for the conformance test: it signs on whoever
// the test names. Settings come as JSON in the first argument; the issuer is
// printed when it listens.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { client, people, claimsInToken } = JSON.parse(process.argv[2]);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [client],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'one' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    scopes: ['openid', 'profile', 'portal'],
    claims: { openid: ['sub'], profile: ['name'], portal: ['org_code', 'org_name', 'post'] },
    conformIdTokenClaims: !claimsInToken,
    acrValues: ['urn:xuncha:acr:1', 'urn:xuncha:acr:2'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
    // Nobody is asked for consent: the service is the organisation's own.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope('openid profile portal');
      await grant.save();
      return grant;
    },
    // The supplied dispatcher refuses loopback addresses, and here everything is on one.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  });
  provider.use(async (ctx, next) => {
    const { pathname, searchParams } = new URL(ctx.url, issuer);
    if (!pathname.startsWith('/interaction/')) return next();
    if (!searchParams.has('person')) {
      ctx.body = 'who?';
      return undefined;
    }
    const login = { accountId: searchParams.get('person'), acr: searchParams.get('acr') ?? undefined };
    ctx.respond = false;
    return provider.interactionFinished(ctx.req, ctx.res, { login });
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
