package preview

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// maxNesting is how deep elements may stand in each other.
const maxNesting = 256

var errNested = errors.New("elements are nested too deep")

// reader walks the elements of one part, by what each is called without its
// namespace. There are no entities but XML's own, and nothing outside is read.
type reader struct {
	d     *xml.Decoder
	depth int
}

// part walks what stands inside a part's root; a part that is not there has
// nothing.
func (p pack) part(name string, fn func(*reader, xml.StartElement) error) error {
	b, err := p.read(name, maxPart)
	if err != nil || len(b) == 0 {
		return err
	}
	r := &reader{d: xml.NewDecoder(bytes.NewReader(b))}
	for {
		t, err := r.d.Token()
		if errors.Is(err, io.EOF) {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		if _, ok := t.(xml.StartElement); ok {
			return r.each(fn)
		}
	}
}

// each calls fn with every element inside the one that was begun, up to its end.
// fn reads its element with each, text or skip.
func (r *reader) each(fn func(*reader, xml.StartElement) error) error {
	if r.depth++; r.depth > maxNesting {
		return errNested
	}
	defer func() { r.depth-- }()
	for {
		t, err := r.d.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := fn(r, t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// skip passes over the element that was begun.
func (r *reader) skip() error { return r.d.Skip() }

// text is the text of the element that was begun, without what stands in elements.
func (r *reader) text() (string, error) {
	var s strings.Builder
	for {
		t, err := r.d.Token()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.CharData:
			s.Write(t)
		case xml.StartElement:
			if err := r.skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return s.String(), nil
		}
	}
}

// value is an attribute by its local name, or "".
func value(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// relation is an attribute that names a relation: r:id, r:embed.
func relation(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && strings.HasSuffix(a.Name.Space, "/relationships") {
			return a.Value
		}
	}
	return ""
}

// on reports whether a switch of a style, such as <w:b/>, is on.
func on(e xml.StartElement) bool {
	v := value(e, "val")
	return v != "0" && v != "false" && v != "none" && v != "off"
}

func number(e xml.StartElement, name string) int {
	n, err := strconv.Atoi(value(e, name))
	if err != nil {
		return 0
	}
	return n
}

// relations says to which parts a part's relations lead.
func (p pack) relations(name string) (map[string]string, error) {
	to := map[string]string{}
	i := strings.LastIndexByte(name, '/') + 1
	err := p.part(name[:i]+"_rels/"+name[i:]+".rels", func(r *reader, e xml.StartElement) error {
		if id := value(e, "Id"); id != "" {
			to[id] = target(name, value(e, "Target"), value(e, "TargetMode"))
		}
		return r.skip()
	})
	return to, err
}
