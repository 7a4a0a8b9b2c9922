package preview

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"xuncha/inspection"
)

// Limits of a preview. They are the service's own: what is larger is looked at in
// the program that made it.
const (
	MaxSize = 20 << 20 // bytes of the file

	maxPart     = 16 << 20 // bytes of one part, unpacked
	maxUnpacked = 64 << 20 // bytes of all parts of a workbook, unpacked
	maxBlocks   = 5000     // paragraphs and tables of a document, on all its pages
	maxText     = 500_000  // characters of all of them
	maxDepth    = 8        // tables in tables
	maxTakes    = 10 * time.Second
)

const (
	docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)

// Can reports whether files of this media type can be previewed.
func Can(mediaType string) bool { return slices.Contains([]string{docx, xlsx, pptx}, mediaType) }

var (
	errKind   = inspection.Errorf(inspection.Invalid, "preview.kind", "此类文件不能在页面内预览，请下载后查看。")
	errOFD    = inspection.Errorf(inspection.Invalid, "preview.kind", "OFD 版式文件不能在页面内预览，请下载后用版式阅读软件查看。")
	errSize   = inspection.Errorf(inspection.Invalid, "preview.size", "文件超过 20 MB，不能在页面内预览，请下载后查看。")
	errBroken = inspection.Errorf(inspection.Invalid, "preview.broken", "文件内容无法识别，不能在页面内预览，请下载后查看。")
	errSlow   = inspection.Errorf(inspection.Invalid, "preview.slow", "文件过于复杂，不能在页面内预览，请下载后查看。")
)

// Fits refuses what cannot be shown, before it is read: it says what to do instead.
func Fits(mediaType string, size int64) error {
	switch {
	case mediaType == "application/ofd":
		return errOFD
	case !Can(mediaType):
		return errKind
	case size > MaxSize:
		return errSize
	}
	return nil
}

// Page renders a file that fits as one HTML page. Name is what people call it. A
// file that cannot be shown is refused with an error of kind Invalid that says what
// to do instead.
func Page(ctx context.Context, content []byte, mediaType, name string) (page []byte, err error) {
	if err := Fits(mediaType, int64(len(content))); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, maxTakes, errSlow)
	defer cancel()
	defer func() {
		if recover() != nil { // a reader that a stranger's bytes broke
			page, err = nil, errBroken
		}
	}()
	d := document{Name: name}
	switch mediaType {
	case docx:
		err = d.word(ctx, content)
	case xlsx:
		err = d.sheets(ctx, content)
	case pptx:
		err = d.slides(ctx, content)
	}
	if cause := context.Cause(ctx); cause != nil {
		return nil, cause
	}
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", errBroken, err)
	}
	var b bytes.Buffer
	if err := layout.Execute(&b, &d); err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	return b.Bytes(), nil
}

// document is what a page shows.
type document struct {
	Name  string
	Cut   bool // something lies beyond the limits
	Parts []part

	blocks, text int
	pictures     album
}

// part is one sheet, one slide, or all of a text.
type part struct {
	Title  string
	Blocks []block
	Grid   *grid
}

// block is a paragraph or a table.
type block struct {
	Heading int // 1 to 6; 0 for plain text
	Align   string
	Indent  int // levels of a list
	Runs    []run
	Table   *grid
}

// run is a stretch of text in one style, or a picture.
type run struct {
	Text                            string
	Bold, Italic, Underline, Strike bool
	Picture                         *picture
}

// grid is a table.
type grid struct {
	Sheet bool
	Heads []string // A, B, C of a sheet
	Rows  []gridRow
}

type gridRow struct {
	Number int // of a sheet's row
	Cells  []cell
}

type cell struct {
	Blocks     []block
	Text       string
	Cols, Rows int // how many it spans; 0 for one
}

// room reports whether one more block of so much text fits, and counts it.
func (d *document) room(text int) bool {
	if d.blocks+1 > maxBlocks || d.text+text > maxText {
		d.Cut = true
		return false
	}
	d.blocks++
	d.text += text
	return true
}

// pack is an Office document as the zip that it is.
type pack struct{ parts map[string]*zip.File }

func open(content []byte) (pack, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return pack{}, err
	}
	p := pack{map[string]*zip.File{}}
	for _, f := range z.File {
		if _, twice := p.parts[f.Name]; !twice {
			p.parts[f.Name] = f
		}
	}
	return p, nil
}

// errTooLarge says that a part is past its limit; it is never unpacked further.
var errTooLarge = errors.New("a part is too large")

// read unpacks a part whole, within its limit. A part that is not there is empty.
func (p pack) read(name string, limit int64) ([]byte, error) {
	f := p.parts[name]
	if f == nil {
		return nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = errTooLarge
	}
	return b, err
}
