// Package jobs does the work that nobody waits for: the queue, its workers and
// the schedules.
//
// River makes sure that work is tried: again after a failure, elsewhere after a
// crash, late after an outage. It does not make sure that work happens once. A
// worker that was given up for dead may wake up and finish beside its successor,
// and completing the job in the transaction does not stop it (TRUST §0, 6). So
// every effect that must not happen twice has a row of its own with a unique
// key, in the room that owns the effect; here a job may run twice, late, or on
// two machines at once, and uniqueness of jobs only saves work.
//
// Jobs carry ids, never content. A job that was put in inside a transaction
// exists if and only if that transaction committed.
package jobs
