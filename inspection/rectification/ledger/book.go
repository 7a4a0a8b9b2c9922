package ledger

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// book is the workbook apart from its sheets' cells.
type book struct {
	*archive
	sheets  []sheetPart
	formats []format // by style number of a cell
	strings []string // shared strings
	epoch   int      // days from serial 0 to 1970-01-01, negative
	kept    int      // bytes kept so far, all sheets
	cells   int      // cells kept so far
}

// sheetPart is a sheet before it is read.
type sheetPart struct {
	name   string
	nth    int // from 1
	part   string
	hidden bool
	grid   bool // has cells: not a chart or a dialog
}

// relationships are the .rels file of a part.
type relationships struct {
	All []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
		Mode   string `xml:"TargetMode,attr"`
	} `xml:"Relationship"`
}

func openBook(a *archive) (*book, error) {
	b := &book{archive: a}
	root, err := b.workbookPart()
	if err != nil {
		return nil, err
	}
	var wb struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := b.unmarshal(root, &wb); err != nil {
		return nil, err
	}
	if len(wb.Sheets) > maxSheets {
		return nil, errTooLarge
	}
	b.epoch = -25569
	if v := wb.Properties.Date1904; v == "1" || v == "true" {
		b.epoch = -24107
	}
	var rels relationships
	if err := b.unmarshal(relsOf(root), &rels); err != nil {
		return nil, err
	}
	for i, s := range wb.Sheets {
		sheet := sheetPart{name: cleanText(s.Name), nth: i + 1, hidden: s.State == "hidden" || s.State == "veryHidden"}
		for _, a := range s.Attrs {
			if a.Name.Local == "id" { // r:id, in either of the two namespaces
				sheet.part, sheet.grid = rels.sheet(root, a.Value)
			}
		}
		b.sheets = append(b.sheets, sheet)
	}
	return b, b.readShared(root, rels)
}

// workbookPart finds the workbook through the package's relationships.
func (b *book) workbookPart() (string, error) {
	var rels relationships
	if err := b.unmarshal("_rels/.rels", &rels); err != nil {
		return "", err
	}
	if p, ok := rels.byType("", "/officeDocument"); ok {
		return p, nil
	}
	return "", notXLSX("这个文件不是 Excel 工作簿。请在 Excel 或 WPS 中另存为 xlsx 后上传。")
}

// readShared reads what the cells refer to: styles and shared strings.
func (b *book) readShared(root string, rels relationships) error {
	if p, ok := rels.byType(root, "/styles"); ok && b.parts[partName(p)] != nil {
		if err := b.readStyles(p); err != nil {
			return err
		}
	}
	if p, ok := rels.byType(root, "/sharedStrings"); ok && b.parts[partName(p)] != nil {
		return b.readStrings(p)
	}
	return nil
}

func (b *book) unmarshal(part string, v any) error {
	raw, err := b.whole(part)
	if err != nil {
		return err
	}
	if xml.Unmarshal(raw, v) != nil {
		return broken(errXML)
	}
	return nil
}

func relsOf(part string) string {
	return path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
}

// byType finds the first relationship of a type; the types of the two editions
// of the standard differ only in what stands before the last word.
func (r relationships) byType(of, suffix string) (string, bool) {
	for _, rel := range r.All {
		if strings.HasSuffix(rel.Type, suffix) && rel.Mode != "External" {
			return target(of, rel.Target), true
		}
	}
	return "", false
}

func (r relationships) sheet(of, id string) (part string, grid bool) {
	for _, rel := range r.All {
		if rel.ID == id {
			return target(of, rel.Target), strings.HasSuffix(rel.Type, "/worksheet")
		}
	}
	return "", false
}

func target(of, t string) string {
	if strings.HasPrefix(t, "/") {
		return t[1:]
	}
	return path.Join(path.Dir(of), t)
}

// readStrings reads the shared strings: of rich text the letters, of phonetic
// guides nothing.
func (b *book) readStrings(part string) error {
	in, err := b.stream(part)
	if err != nil {
		return err
	}
	defer in.Close()
	t := newTags(in, &b.tagsLeft)
	var item strings.Builder
	phonetic := false
	for {
		g, err := t.next(true)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(err)
		}
		switch {
		case item.Len() > maxText:
			return errTooLarge
		case g.name == "rPh":
			phonetic = !g.end && !g.empty
		case g.name == "t" && g.end && !phonetic:
			item.WriteString(t.take())
		case g.name == "si" && (g.end || g.empty):
			if err := b.keep(item.Len() + 16); err != nil {
				return err
			}
			b.strings = append(b.strings, item.String())
			item.Reset()
		}
	}
}

// keep accounts for n bytes that stay in memory.
func (b *book) keep(n int) error {
	if b.kept += n; b.kept > maxKept {
		return errTooLarge
	}
	return nil
}
