package ledger

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tags reads an XML part as a stream of tags. It exists because a sheet that
// somebody formatted down to its last row holds 14 million empty cells: it passes
// over them in a third of the time that encoding/xml takes, and allocates nothing
// for them. It knows what worksheets use of XML: elements, attributes, text,
// CDATA, comments. A document type, which no office program writes, is refused.
type tags struct {
	in   *bufio.Reader
	left *int   // how many tags may still be read
	text []byte // text since the last tag, when it was asked for
	tag  []byte
}

// A tag is one start or end tag. Its bytes are good until the next call of next.
type tag struct {
	name  string // without prefix
	attrs []byte
	end   bool // </name>
	empty bool // <name/>
}

var errXML = errors.New("malformed XML")

// maxTag and maxText bound what one tag or one run of text may hold.
const (
	maxTag  = 64 << 10
	maxText = 1 << 20
)

// newTags reads r for as long as there are tags left.
func newTags(r io.Reader, left *int) *tags {
	t := &tags{in: bufio.NewReaderSize(r, 64<<10), left: left}
	if bom, _ := t.in.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = t.in.Discard(3)
	}
	return t
}

// next returns the next tag, or io.EOF after the last one. With keep it
// collects the text before the tag, which [tags.take] then returns.
func (t *tags) next(keep bool) (tag, error) {
	t.text = t.text[:0]
	if *t.left--; *t.left < 0 {
		return tag{}, errTooLarge
	}
	for {
		if err := t.upTo('<', keep); err != nil {
			return tag{}, err
		}
		head, err := t.in.Peek(1)
		if err != nil {
			return tag{}, errXML
		}
		switch head[0] {
		case '!':
			err = t.declaration(keep)
		case '?':
			err = t.skipTo("?>")
		default:
			return t.element()
		}
		if err != nil {
			return tag{}, err
		}
	}
}

// upTo passes over the text before the next c, keeping it on request.
func (t *tags) upTo(c byte, keep bool) error {
	for {
		chunk, err := t.in.ReadSlice(c)
		if keep {
			t.text = append(t.text, bytes.TrimSuffix(chunk, []byte{c})...)
			if len(t.text) > maxText {
				return errTooLarge
			}
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// element reads the rest of a tag after its '<'. A '>' may stand in the value
// of an attribute.
func (t *tags) element() (tag, error) {
	chunk, err := t.in.ReadSlice('>')
	quote := openQuote(0, chunk)
	if err == nil && quote == 0 {
		return parseTag(chunk[:len(chunk)-1]) // nearly always
	}
	t.tag = append(t.tag[:0], chunk...)
	for err == nil || errors.Is(err, bufio.ErrBufferFull) {
		if len(t.tag) > maxTag {
			return tag{}, errTooLarge
		}
		if err == nil && quote == 0 {
			return parseTag(t.tag[:len(t.tag)-1])
		}
		chunk, err = t.in.ReadSlice('>')
		t.tag = append(t.tag, chunk...)
		quote = openQuote(quote, chunk)
	}
	return tag{}, errXML
}

// openQuote returns the quote that is open after b, given the one open before.
func openQuote(quote byte, b []byte) byte {
	for _, c := range b {
		switch {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return quote
}

func parseTag(b []byte) (tag, error) {
	var g tag
	if b, g.end = bytes.CutPrefix(b, []byte("/")); !g.end {
		b, g.empty = bytes.CutSuffix(b, []byte("/"))
	}
	i := 0
	for i < len(b) && !space(b[i]) {
		i++
	}
	name := b[:i]
	prefix, local, prefixed := bytes.Cut(name, []byte(":"))
	if prefixed {
		name = local
	}
	if len(prefix) == 0 || len(name) == 0 || bytes.IndexByte(name, ':') >= 0 {
		return g, errXML
	}
	g.name, g.attrs = known(name), b[i:]
	return g, nil
}

// known spares an allocation for the names that make up nearly all of a sheet.
func known(name []byte) string {
	switch string(name) {
	case "c":
		return "c"
	case "v":
		return "v"
	case "f":
		return "f"
	case "row":
		return "row"
	}
	return string(name)
}

// raw returns the value of the attribute that is written as name, still escaped
// and only until the next tag: letting it allocate costs more than all the rest
// on a sheet of empty cells.
func (g tag) raw(name string) ([]byte, bool) {
	rest := g.attrs
	for {
		rest = trimSpace(rest)
		i := bytes.IndexByte(rest, '=')
		if i < 0 {
			return nil, false
		}
		key := bytes.TrimSpace(rest[:i])
		rest = trimSpace(rest[i+1:])
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil, false
		}
		j := bytes.IndexByte(rest[1:], rest[0])
		if j < 0 {
			return nil, false
		}
		if string(key) == name {
			return rest[1 : 1+j], true
		}
		rest = rest[j+2:]
	}
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func trimSpace(b []byte) []byte {
	for len(b) > 0 && space(b[0]) {
		b = b[1:]
	}
	return b
}

// attr returns the value of the attribute that is written as name.
func (g tag) attr(name string) (string, bool) {
	v, ok := g.raw(name)
	if !ok {
		return "", false
	}
	return unescape(v), true
}

// flag reads an attribute that says yes or no.
func (g tag) flag(name string) bool {
	v, _ := g.raw(name)
	return string(v) == "1" || string(v) == "true" || string(v) == "on"
}

// take returns the text that the last call of next kept.
func (t *tags) take() string { return unescape(t.text) }

// declaration passes over a comment, or keeps the content of a CDATA section
// in the escaped form that take expects.
func (t *tags) declaration(keep bool) error {
	head, _ := t.in.Peek(8)
	switch {
	case bytes.HasPrefix(head, []byte("!--")):
		_, _ = t.in.Discard(3)
		return t.skipTo("-->")
	case bytes.Equal(head, []byte("![CDATA[")):
		_, _ = t.in.Discard(8)
		return t.cdata(keep)
	}
	return errXML
}

func (t *tags) cdata(keep bool) error {
	escape := strings.NewReplacer("&", "&amp;")
	var raw []byte
	for !bytes.HasSuffix(raw, []byte("]]>")) {
		chunk, err := t.in.ReadSlice('>')
		if raw = append(raw, chunk...); len(raw) > maxText {
			return errTooLarge
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return errXML
		}
	}
	if keep {
		t.text = append(t.text, escape.Replace(string(raw[:len(raw)-3]))...)
	}
	return nil
}

func (t *tags) skipTo(end string) error {
	var tail []byte
	for {
		chunk, err := t.in.ReadSlice('>')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return errXML
		}
		tail = append(tail, chunk...)
		if bytes.HasSuffix(tail, []byte(end)) {
			return nil
		}
		tail = append(tail[:0], tail[max(0, len(tail)-2):]...)
	}
}

// unescape replaces the entities that XML knows without a document type, and
// line ends as XML wants them.
func unescape(b []byte) string {
	s := string(b)
	if strings.ContainsRune(s, '\r') {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	}
	if !strings.ContainsRune(s, '&') {
		return s
	}
	var out strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			out.WriteString(s)
			return out.String()
		}
		out.WriteString(s[:i])
		s = s[i:]
		j := strings.IndexByte(s, ';')
		r, ok := rune(0), false
		if j > 0 {
			r, ok = entity(s[1:j])
		}
		if !ok { // keep what is not an entity: better odd text than lost text
			out.WriteByte('&')
			s = s[1:]
			continue
		}
		out.WriteRune(r)
		s = s[j+1:]
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, false
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, false
	}
	return rune(n), true
}
