// Package directives keeps the tasks that come out of a meeting of the committee's
// secretary (点人点事): who of which unit was named, what for, and by when. The office
// enters them, the unit answers, and the office closes a task or returns the answer
// with what is missing. Nobody else sees them: not another unit, and not the offices
// above, which have their own meetings.
//
// That such remarks become tasks with a day: HANDBOOK §5.3, Reminder ladder (点人点事督办).
package directives
