package inspection

import (
	"context"
	"errors"
	"fmt"
)

// Kind is the class of a failure, for callers that must react to it.
type Kind uint8

// The kinds of failure.
const (
	Internal    Kind = iota // anything not foreseen
	NotFound                // no such thing, or not yours
	Invalid                 // the request makes no sense
	Conflict                // it made sense, but not in this state
	Stale                   // somebody else changed the row first
	Forbidden               // not by this role
	Unsigned                // nobody is signed on, or the session ended
	Busy                    // too much at once; try again shortly
	Unavailable             // something that this needs does not answer
	TooLarge                // past a limit that was announced
	Full                    // no room is left to store what was sent
)

// Error is a failure that the caller may be told about.
type Error struct {
	Kind   Kind
	Code   string  // stable name, such as "rectification.wrong-state"; ends the problem's type
	Detail string  // one Chinese sentence that says what to do
	Fields []Field // what is wrong with which part of the input, if that can be said

	// Current is what the row is now, for a Stale failure: the caller keeps
	// its own text and shows both.
	Current any
}

// Field says what is wrong with one part of the input. It never repeats the
// value: texts of reports must not end up in logs and proxies.
type Field struct {
	Pointer string `json:"pointer" doc:"JSON pointer (RFC 6901) to the part"`
	Code    string `json:"code" doc:"Stable name of what is wrong"`
	Message string `json:"message" doc:"One Chinese sentence that says what to do"`
}

// Error returns the code and the sentence, for logs.
func (e *Error) Error() string { return e.Code + ": " + e.Detail }

// Errorf returns an [Error] with a formatted sentence.
func Errorf(k Kind, code, format string, args ...any) error {
	return &Error{Kind: k, Code: code, Detail: fmt.Sprintf(format, args...)}
}

// InvalidFields returns an Invalid [Error] about several parts of the input.
func InvalidFields(code, detail string, fields ...Field) error {
	return &Error{Kind: Invalid, Code: code, Detail: detail, Fields: fields}
}

// Fields gathers what is wrong with the fields of one form.
type Fields []Field

// Text returns s as the records keep it ([CleanText]) and notes what is wrong with it.
func (fs *Fields) Text(pointer, s string, required bool, limit int) string {
	s, wrong := CleanText(pointer, s, required, limit)
	*fs = append(*fs, wrong...)
	return s
}

// Err returns the error for what was gathered, or nil if nothing is wrong.
func (fs Fields) Err(code string) error {
	if len(fs) == 0 {
		return nil
	}
	return InvalidFields(code, "填写的内容不符合要求，请按提示修改。", fs...)
}

// StaleRow returns a Stale [Error] that carries what the row is now.
func StaleRow(code string, current any) error {
	return &Error{
		Kind: Stale, Code: code, Current: current,
		Detail: "内容已被他人更新。请核对差异后再保存，你填写的内容仍保留在页面上。",
	}
}

// KindOf returns the kind of the first [Error] in err's chain, or Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the code of the first [Error] in err's chain, or "".
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// Abandoned reports whether err comes of the asker having gone away: that is no
// failure, and there is nobody to tell. A deadline of ours is another matter, and
// so is a failure that met somebody who was leaving anyway.
func Abandoned(ctx context.Context, err error) bool {
	return errors.Is(ctx.Err(), context.Canceled) && errors.Is(err, context.Canceled)
}
