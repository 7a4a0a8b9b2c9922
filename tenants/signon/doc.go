// Package signon lets people in through the government portal and machines in
// with keys.
//
// [Door] is the part that browsers and the portal see: the OIDC code flow with
// PKCE, step-up, and the three ways out (by the person, by the portal, by time).
// [Sessions] is the part that the API asks on every request: who is this, and
// what may they do for that office at this moment. [Keys] makes and revokes the
// keys of machines.
//
// A person is the portal's iss and sub and nothing else: never a name, a phone
// number or an address. What the portal's token says about a person decides
// nothing either; it is noted, and a change in it holds the person until an
// officer has looked. Authority is read from the database on every request, so
// what was taken away is gone with the next one.
//
// The portal's tokens are looked at once, when they arrive, and kept nowhere. A
// session is ours alone, lives in the server, and is known to the browser by a
// random token of which only a digest is stored.
package signon
