package ledger_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection/rectification/ledger"
)

var documents = []string{
	`<worksheet><sheetData><row r="1" ht="15"><c r="A1" t="s"><v>0</v></c><c r="B1"/></row></sheetData></worksheet>`,
	`<x:worksheet xmlns:x="u"><x:row x:r="1"/></x:worksheet>`,
	`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n" + `<a>一&amp;二&#x4e09;&lt;</a>`,
	`<a><!-- a > b --><b t='"'>x<![CDATA[1 < 2 & 3]]>y</b></a>`,
	`<a b="x>y"> t </a>`,
	"\xef\xbb\xbf<a/>",
	"<a>1\r\n2\r3</a>",
	`<a`, `<a>`, `</a>`, `<a b=">`, `<!DOCTYPE a><a/>`, `<>`, ``,
}

// TestTags and FuzzTags hold the reader of tags against encoding/xml: what both
// accept they must read in the same way.
func TestTags(t *testing.T) {
	t.Parallel()
	for _, doc := range documents {
		compareTags(t, doc, true)
	}
	if _, err := ledger.Tags(strings.NewReader(`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`)); err == nil {
		t.Error("a document type was let through")
	}
	if v, ok := ledger.Attr(`<c xr="1" r = "A1" s='2&amp;'/>`, "r"); v != "A1" || !ok {
		t.Errorf("attribute r = %q, %v", v, ok)
	}
	if v, _ := ledger.Attr(`<c xr="1" r = "A1" s='2&amp;'/>`, "s"); v != "2&" {
		t.Errorf("attribute s = %q", v)
	}
}

func FuzzTags(f *testing.F) {
	for _, doc := range documents {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) { compareTags(t, doc, false) })
}

// compareTags compares what both accept. Refusing more is allowed, but not for
// documents that a worksheet may be, those of the table.
func compareTags(t *testing.T, doc string, strict bool) {
	t.Helper()
	got, err := ledger.Tags(strings.NewReader(doc))
	want, standard := standardTags(doc)
	switch {
	case standard != nil || strings.Contains(doc, "<!DOCTYPE"):
	case err != nil && strict:
		t.Fatalf("%q: %v", doc, err)
	case err == nil:
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q (-encoding/xml +ours):\n%s", doc, diff)
		}
	}
}

// standardTags is [ledger.Tags] by way of encoding/xml.
func standardTags(doc string) ([]string, error) {
	if !utf8.ValidString(doc) {
		return nil, errors.New("not UTF-8")
	}
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(doc, "\uFEFF")))
	var out []string
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			out = append(out, "text "+text.String())
			text.Reset()
		}
	}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			flush()
			out = append(out, "start "+tok.Name.Local)
		case xml.EndElement:
			flush()
			out = append(out, "end "+tok.Name.Local)
		case xml.CharData:
			text.Write(tok)
		}
	}
}
