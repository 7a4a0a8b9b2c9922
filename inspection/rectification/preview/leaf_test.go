package preview_test

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files/sample"
	"xuncha/inspection/rectification/preview"
)

// TestLeaf draws pages as pictures: the one asked for, upright and of a bounded size;
// of a document that would act, as of any other.
func TestLeaf(t *testing.T) {
	t.Parallel()
	draw := func(content []byte, page int) ([]byte, error) {
		return preview.Leaf(t.Context(), bytes.NewReader(content), page)
	}
	first, err := draw(sample.PDF(3, ""), 1)
	if err != nil {
		t.Fatal(err)
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(first))
	if err != nil || c.Height != 1700 || c.Width >= c.Height {
		t.Errorf("a page is %d × %d, %v; want 1700 high", c.Width, c.Height, err)
	}
	if third, err := draw(sample.PDF(3, ""), 3); err != nil || bytes.Equal(first, third) {
		t.Errorf("page 3 looks like page 1, %v", err)
	}
	for what, more := range map[string]string{
		"script":         `/OpenAction<</S/JavaScript/JS(app.alert\(1\);while\(true\){})>>`,
		"a program":      `/OpenAction<</S/Launch/F(/bin/touch)/Win<</F(calc.exe)>>>>`,
		"a file inside":  `/Names<</EmbeddedFiles<</Names[(a.exe) 99 0 R]>>>>`,
		"a loop of kids": `/Outlines 1 0 R`,
	} {
		if got, err := draw(sample.PDF(3, more), 1); err != nil || !bytes.Equal(got, first) {
			t.Errorf("%s: %v, want the page as it looks without", what, err)
		}
	}
	for what, content := range map[string][]byte{
		"no such page": sample.PDF(1, ""), "nothing": []byte("%PDF-1.7\n"),
		"xref that leads to itself": []byte("%PDF-1.7\ntrailer\n<</Root 1 0 R/Prev 9/Size 2>>\nstartxref\n9\n%%EOF\n"),
		"pages that lead to themselves": []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n" +
			"<</Type/Pages/Count 2/Kids[2 0 R 2 0 R]>>\nendobj\ntrailer\n<</Root 1 0 R/Size 3>>\n%%EOF\n"),
	} {
		if _, err := draw(content, 2); inspection.CodeOf(err) != "preview.broken" || inspection.KindOf(err) != inspection.Invalid {
			t.Errorf("%s: %v, want that it cannot be shown", what, err)
		}
	}
	if err := preview.LeafFits("application/pdf", preview.MaxPDF+1); inspection.CodeOf(err) != "preview.size" {
		t.Errorf("too large: %v", err)
	}
}

// TestManyPages draws a late page of a document of a hundred thousand.
func TestManyPages(t *testing.T) {
	t.Parallel()
	if _, err := preview.Leaf(t.Context(), bytes.NewReader(sample.PDF(100_000, "")), 99_999); err != nil {
		t.Error(err)
	}
}

// TestLeafKilled gives the page so much to draw that it does not end, and takes its
// time away: nothing of the program is left, neither process nor file.
func TestLeafKilled(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithTimeoutCause(t.Context(), 300*time.Millisecond, inspection.Errorf(inspection.Invalid, "preview.slow", "慢。"))
	defer cancel()
	began := time.Now()
	_, err := preview.Leaf(ctx, bytes.NewReader(slowPDF()), 1)
	if inspection.CodeOf(err) != "preview.slow" || time.Since(began) > 10*time.Second {
		t.Errorf("%v after %v, want that it takes too long", err, time.Since(began))
	}
	if left, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	commands, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range commands {
		line, _ := os.ReadFile(name) //nolint:gosec // of /proc; a process that is gone has none
		if strings.Contains(string(line), os.Getenv("TMPDIR")) {
			t.Errorf("still runs: %s", bytes.ReplaceAll(line, []byte{0}, []byte(" ")))
		}
	}
}

// slowPDF is a page of forms that draw one another, ten of each: it would be drawn for
// years.
func slowPDF() []byte {
	var b strings.Builder
	b.WriteString("%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n" +
		"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</F 4 0 R>>>>/Contents 30 0 R>>\nendobj\n")
	form := func(n int, head, body string) {
		fmt.Fprintf(&b, "%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n", n, head, len(body), body)
	}
	form(30, "", "/F Do")
	for n := 4; n < 20; n++ {
		form(n, fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F %d 0 R>>>>", n+1), strings.Repeat("/F Do ", 10))
	}
	form(20, "/Type/XObject/Subtype/Form/BBox[0 0 595 842]", "0 0 595 842 re f")
	b.WriteString("trailer\n<</Root 1 0 R/Size 31>>\n%%EOF\n")
	return []byte(b.String())
}
