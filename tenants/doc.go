// Package tenants decides who acts, for which office, and what rows that work
// may touch.
//
// Every statement of the service runs in a [Tx], every Tx comes from [DB.In] or,
// for looking only, from [DB.Read], and neither starts without a [Scope]. PostgreSQL's row security does
// the filtering. Membership, authorisation, duty and visibility are four
// relations: a person is a member of an office, a grant (一次一授权) says what the
// member may do and until when, a unit owes rectification to whoever the round
// says, and the policies of the tables say what is visible.
//
// Offices are numbered depth-first, so that the offices below one are one range
// of numbers. A policy compares a row's tenant_id with that range; any subquery
// there was 10 to 10,000 times slower at national scale.
package tenants
