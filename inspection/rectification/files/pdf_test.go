package files_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"testing"

	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/files/sample"
)

// packed is a PDF whose objects are packed, as programs of today write them.
func packed(t testing.TB, objects string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write([]byte(objects)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, "%%PDF-1.7\n9 0 obj\n<</Type/ObjStm/N 2/First 8/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n%%%%EOF\n", b.Len(), b.Bytes())
}

// TestPDF tells documents that would act, and those that cannot be looked into
// (BI-113, BI-115), without running anything of them.
func TestPDF(t *testing.T) {
	t.Parallel()
	far := bytes.Repeat([]byte("% 0123456789abcdef\n"), 200_000)
	tests := []struct {
		name              string
		content           []byte
		active, encrypted bool
		pages             int
	}{
		{"plain", sample.PDF(3, ""), false, false, 3},
		{"script", sample.PDF(1, `/OpenAction<</S/JavaScript/JS(app.alert\(1\))>>`), true, false, 1},
		{"script, spelt otherwise", sample.PDF(1, `/OpenAction<</S/J#61vaScript/JS 7 0 R>>`), true, false, 1},
		{"a program", sample.PDF(1, `/OpenAction<</S/Launch/F(calc.exe)>>`), true, false, 1},
		{"a file inside", sample.PDF(1, `/Names<</EmbeddedFiles<</Names[(a.exe) 9 0 R]>>>>`), true, false, 1},
		{"a form of Adobe's", sample.PDF(1, `/AcroForm<</XFA[]>>`), true, false, 1},
		{"script, packed", packed(t, "1 0 2 40 <</S /JavaScript /JS (app.alert(1))>>"), true, false, 0},
		{"pages, packed", packed(t, "1 0 <</Type/Pages/Kids[3 0 R]/Count 12>>"), false, false, 12},
		{"script behind megabytes", append(append([]byte("%PDF-1.7\n"), far...), "1 0 obj<</S/JavaScript>>endobj"...), true, false, 0},
		{"the word in a sentence", []byte("%PDF-1.7\n% about JavaScript and /JavaScripts\n%%EOF\n"), false, false, 0},
		{"locked, said at the end", []byte("%PDF-1.7\ntrailer\n<</Encrypt 5 0 R>>\n%%EOF"), false, true, 0},
		{"locked, said at the beginning", append([]byte("%PDF-1.7\ntrailer\n<</Encrypt 5 0 R>>\n"), far...), false, true, 0},
		{"a hundred thousand pages", []byte("%PDF-1.7\n2 0 obj<</Type/Pages/Count 100000/Kids[3 0 R]>>endobj\n%%EOF\n"), false, false, 100_000},
		{"xref that leads to itself", []byte("%PDF-1.7\ntrailer\n<</Root 1 0 R/Prev 9/Size 2>>\nstartxref\n9\n%%EOF\n"), false, false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, size := bytes.NewReader(tt.content), int64(len(tt.content))
			look, err := files.Inspect(r, size, "a.pdf")
			if err != nil || look.Active != tt.active || look.Encrypted != tt.encrypted || look.Inline {
				t.Errorf("active %t, encrypted %t, inline %t, %v; want %t, %t and never inline", look.Active, look.Encrypted, look.Inline, err, tt.active, tt.encrypted)
			}
			pages := 0
			if m := files.Describe(r, size, look.Kind); m.Pages != nil {
				pages = *m.Pages
			}
			if pages != tt.pages {
				t.Errorf("%d pages, want %d", pages, tt.pages)
			}
		})
	}
}

// TestPackedBomb looks at objects that unpack to gigabytes: no more is unpacked than
// the limit.
func TestPackedBomb(t *testing.T) {
	t.Parallel()
	bomb := packed(t, string(make([]byte, 64<<20)))
	all := bytes.Repeat(bomb, 40)
	if look, err := files.Inspect(bytes.NewReader(all), int64(len(all)), "a.pdf"); err != nil || look.Active {
		t.Errorf("%+v, %v", look, err)
	}
}
