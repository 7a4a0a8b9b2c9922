// Package opinions is the box in which the public puts what it has to say about a
// published 通报 (意见箱), and the shelf on which an office shows some of it (选登).
//
// Nothing appears by itself. What comes in waits for a person of the office, who
// shows it, declines, passes it on or puts it with another; only what was decided
// on is answered. What is shown is never more than what was said: a person may
// leave parts out and put none in, and personal data cannot stay.
//
// Who takes, who reads and who shows are three logins. The box ([Box]) is opened by
// a login without a right on any table: its doors are functions of the database,
// which bind what comes in to a page that stands, whose time is not over, of an
// office that takes opinions. The shelf ([Shelf]) is read as the public's login,
// which sees what was selected and no other word. The office works under row
// security ([Service]); the levels above count and read nothing.
//
// Nothing is kept of who wrote: no address, no contact. A number and a code lead the
// writer back to the answer.
//
// An opinion that says that something is not put right, once an office has found it
// to be about a finding, marks the case (有群众意见) and is a signal of doubt, which
// goes the way of all signals (doubts).
package opinions
