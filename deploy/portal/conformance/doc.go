// Package conformance tries sign-on against a provider that others wrote and had
// certified (npm's oidc-provider, under node): what works with the portal of our
// own must not work because both were written here.
//
// It has tests only. They need node, and `npm ci` in deploy/portal/node, which
// make test runs.
package conformance
