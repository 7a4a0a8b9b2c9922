// Package files knows what may be handed in as a file, and where its bytes lie.
//
// A file's kind is what its content says, never its name. Names are cleaned for
// every system that will see them, or refused when they show something else than
// they are. Nothing is ever unpacked, rendered or run here: containers are only
// looked at, within limits that are checked before.
//
// [Store] takes uploads in parts, so that one cut short goes on where it
// stopped, and makes whole files of them. Nobody sees a file before it is whole.
package files
