package documents

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Letter takes a letter of the ladder out as a Word document in the layout of
// official documents (党政机关公文格式, GB/T 9704-2012). A letter that is not signed
// says so where its number will stand.
func (s *Service) Letter(ctx context.Context, scope tenants.Scope, id inspection.ReminderID) (File, error) {
	l, err := s.Reminders.Letter(ctx, scope, id)
	if err != nil {
		return File{}, err
	}
	if err := l.Whole(); err != nil {
		return File{}, err
	}
	e := tenants.Entry{
		Action: "reminder.export", Object: "finding", ID: l.Reminder.Finding.UUID, Unit: scope.Unit(),
		Detail: tenants.Detail{
			Title: "下载" + l.Reminder.Title, Text: cmp.Or(l.Text.Number, "未签发稿"), Number: l.Reminder.Item,
		},
	}
	name := fmt.Sprintf("%s-%s.docx", cmp.Or(l.Text.Number, l.Reminder.Title+"（未签发稿）"), l.Reminder.Item)
	return s.paper(ctx, scope, l.Text.Title, paragraphs(l.Text), name, e)
}

// paper takes a document out: it is written first, and leaves after its entries are
// in the journals, under the number that its properties carry.
func (s *Service) paper(ctx context.Context, scope tenants.Scope, title string, body []block, name string, es ...tenants.Entry) (File, error) {
	at, key := s.Clock(), uuid.Must(uuid.NewV7())
	content, err := wordFile(body, properties{title: title, by: scope.Name(), office: scope.Office().Short, id: key.String(), at: at})
	if err != nil {
		return File{}, fmt.Errorf("write document: %w", err)
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		for _, e := range es {
			e.Detail.Text += "；导出编号 " + key.String()
			tx.Journal(e)
		}
		return nil
	})
	if err != nil {
		return File{}, err
	}
	return File{Name: name, Content: content}, nil
}

// properties are what a document says about itself besides its text.
type properties struct {
	title, by, office, id string
	at                    time.Time
}

// The layout of GB/T 9704-2012: A4 with margins of 37, 28, 35 and 26 mm (§5.2), text
// in three-point (16 pt) 仿宋 on 22 lines of 28 characters (§5.2.2, §5.2.3), a title in
// two-point (22 pt) 小标宋 (§7.3.1), a red head and a red rule below the number (§7.2).
// Fonts stand by name: the reader's machine has them, we may not pass them on.
const (
	song  = "方正小标宋简体"
	fang  = "仿宋_GB2312"
	serif = "Times New Roman"
	red   = "FF0000"
)

// block is one part of a document's body: a [paragraph] or a [grid].
type block interface{ write(b *bytes.Buffer) }

// paragraph is one paragraph of an official document.
type paragraph struct {
	text   string
	font   string
	size   int // half points; 32 if zero
	colour string
	align  string // left if empty
	indent bool   // two characters
	right  int    // characters from the right
	before int    // twentieths of a point
	after  int
	rule   bool // a red rule below
	tight  bool // not on the grid of lines: for the head and for tables
	bold   bool
	keep   bool // stays with the next one on a page
}

func (p paragraph) write(b *bytes.Buffer) {
	b.WriteString(`<w:p><w:pPr>`)
	if p.keep {
		b.WriteString(`<w:keepNext/>`)
	}
	if p.rule {
		fmt.Fprintf(b, `<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="4" w:color="%s"/></w:pBdr>`, red)
	}
	if p.tight {
		fmt.Fprintf(b, `<w:snapToGrid w:val="0"/><w:spacing w:before="%d" w:after="%d" w:line="240" w:lineRule="auto"/>`, p.before, p.after)
	} else {
		fmt.Fprintf(b, `<w:spacing w:before="%d" w:after="%d" w:line="580" w:lineRule="exact"/>`, p.before, p.after)
	}
	switch {
	case p.indent:
		fmt.Fprintf(b, `<w:ind w:firstLineChars="200" w:firstLine="%d"/>`, 20*cmp.Or(p.size, 32))
	case p.right > 0:
		fmt.Fprintf(b, `<w:ind w:rightChars="%d" w:right="%d"/>`, p.right*100, p.right*320)
	}
	fmt.Fprintf(b, `<w:jc w:val="%s"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="%s" w:hAnsi="%s" w:eastAsia="%s"/>`,
		cmp.Or(p.align, "both"), serif, serif, cmp.Or(p.font, fang))
	if p.bold {
		b.WriteString(`<w:b/>`)
	}
	if p.colour != "" {
		fmt.Fprintf(b, `<w:color w:val="%s"/>`, p.colour)
	}
	fmt.Fprintf(b, `<w:spacing w:val="-5"/><w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr><w:t xml:space="preserve">`, cmp.Or(p.size, 32), cmp.Or(p.size, 32))
	_ = xml.EscapeText(b, []byte(p.text))
	b.WriteString(`</w:t></w:r></w:p>`)
}

// paragraphs sets a letter's text.
func paragraphs(t rectification.LetterText) []block {
	all := []block{
		// 35 mm from the top of the type area (§7.2.4); the head shrinks so that it stays on one line.
		paragraph{text: t.Head, font: song, size: headSize(t.Head), colour: red, align: "center", before: 600, after: 200, tight: true},
		paragraph{text: cmp.Or(t.Number, "（未签发稿，未编文号）"), align: "center", rule: true, before: 290},
	}
	all = append(all, titled(t.Title, 580, 290)...)
	all = append(all, paragraph{text: t.To + "："})
	for _, p := range append(append([]string{}, t.Body...), t.Ask, t.Reply) {
		all = append(all, lines(p)...)
	}
	return append(all, signed(t.Office, t.DatedOn)...)
}

// titled is a document's title. A long one is broken by meaning (§7.3.1): before
// what kind of document it is.
func titled(title string, before, after int) []block {
	const line = 20 // characters of 22 pt in 156 mm
	p := paragraph{text: title, font: song, size: 44, align: "center", before: before, after: after}
	at := strings.LastIndex(title, "的")
	if utf8.RuneCountInString(title) <= line || at < 0 {
		return []block{p}
	}
	first, rest := p, p
	first.text, first.after, first.keep = title[:at+len("的")], 0, true
	rest.text, rest.before = title[at+len("的"):], 0
	return []block{first, rest}
}

// lines are the paragraphs of a text.
func lines(text string) []block {
	var all []block
	for line := range strings.Lines(text) {
		all = append(all, paragraph{text: strings.TrimSpace(line), indent: true})
	}
	return all
}

// signed is who signs a document, and its day, below the text (§7.3.5).
func signed(office string, on inspection.Day) []block {
	return []block{
		paragraph{text: office, align: "right", right: 2, before: 870, keep: true},
		paragraph{text: on.Long(), align: "right", right: 4},
	}
}

// headSize is the size of the red head in half points: at most 小初 (36 pt), and small
// enough for 156 mm.
func headSize(head string) int {
	const width = 442 * 2 // 156 mm in half points
	return min(72, width/max(1, len([]rune(head))))
}

// wordFile writes a document as WordprocessingML.
func wordFile(blocks []block, p properties) ([]byte, error) {
	var body bytes.Buffer
	for _, each := range blocks {
		each.write(&body)
	}
	at := p.at.UTC().Format(time.RFC3339)
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", rootRelations},
		{"docProps/core.xml", xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
			`<dc:title>` + escaped(p.title) + `</dc:title><dc:creator>` + escaped(p.by) + `</dc:creator><dc:description>` + escaped(p.office) +
			`</dc:description><dc:identifier>` + p.id + `</dc:identifier><dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created></cp:coreProperties>`},
		{"word/_rels/document.xml.rels", documentRelations},
		{"word/settings.xml", settings},
		{"word/styles.xml", styleSheet},
		{"word/footer1.xml", footer("right")},
		{"word/footer2.xml", footer("left")},
		{"word/document.xml", documentHead + body.String() + section},
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, part := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: p.at})
		if err == nil {
			_, err = w.Write([]byte(part.text))
		}
		if err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
