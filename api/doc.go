// Package api is HTTP in, problems out: the operations of the workbench and of
// machines, described by openapi.yaml.
//
// An operation takes the scope of the request, calls one method of a room and
// shapes the answer; it has no SQL, no transaction, no rule. Every operation is
// registered by register, the one place where permissions are checked, repeated
// requests are recognised and errors become RFC 9457 problems. What huma lets
// through and must not (letter case, broken UTF-8, echoed values, silent panics)
// is stopped in front of it, in strict.go and front.go, for all operations.
package api
