package preview

import (
	"context"
	"encoding/xml"
	"strings"
	"unicode/utf8"
)

const wordDocument = "word/document.xml"

// word reads the body of a docx (ECMA-376, part 1, chapter 17): paragraphs with
// their headings, numbers and pictures, tables, and what stands in text boxes.
// Text that was deleted with changes tracked is left out.
func (d *document) word(ctx context.Context, content []byte) error {
	p, err := open(content)
	if err != nil {
		return err
	}
	w := &wordReader{ctx: ctx, d: d, p: p}
	if w.relations, err = p.relations(wordDocument); err != nil {
		return err
	}
	if w.styles, err = p.wordStyles(); err != nil {
		return err
	}
	if w.lists, err = p.wordLists(); err != nil {
		return err
	}
	var blocks []block
	err = p.part(wordDocument, func(r *reader, e xml.StartElement) error {
		if e.Name.Local != "body" {
			return r.skip()
		}
		return w.blocks(r, &blocks, 0)
	})
	d.Parts = []part{{Blocks: blocks}}
	return err
}

type wordReader struct {
	ctx       context.Context // of the one reading for which it is made
	d         *document
	p         pack
	relations map[string]string
	styles    map[string]wordStyle
	lists     *wordLists
	full      bool // no more is taken
}

// blocks reads paragraphs and tables up to the end of the element begun.
func (w *wordReader) blocks(r *reader, into *[]block, depth int) error {
	return r.each(func(r *reader, e xml.StartElement) error {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		switch {
		case w.full:
			return r.skip()
		case e.Name.Local == "p":
			return w.paragraph(r, into, depth)
		case e.Name.Local == "tbl" && depth < maxDepth:
			return w.table(r, into, depth+1)
		case holds(e):
			return w.blocks(r, into, depth)
		}
		return r.skip()
	})
}

// holds reports whether an element only holds others: what was inserted, content
// controls, links.
func holds(e xml.StartElement) bool {
	switch e.Name.Local {
	case "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "AlternateContent", "Choice":
		return true
	}
	return false
}

// paragraph is one paragraph under way, and what stands in its text boxes.
type paragraph struct {
	block
	style string
	list  int // its numbering; 0 for none, -1 for none in spite of its style
	level int
	boxes []block
}

func (w *wordReader) paragraph(r *reader, into *[]block, depth int) error {
	p := &paragraph{}
	if err := w.inside(r, p, depth); err != nil {
		return err
	}
	w.finish(p)
	text := 0
	for _, run := range p.Runs {
		text += utf8.RuneCountInString(run.Text)
	}
	if !w.d.room(text) {
		w.full = true
		return nil
	}
	if len(p.Runs) > 0 || len(p.boxes) == 0 {
		*into = append(*into, p.block)
	}
	*into = append(*into, p.boxes...)
	return nil
}

// finish gives the paragraph what its style says.
func (w *wordReader) finish(p *paragraph) {
	s := w.styles[p.style]
	if p.Heading == 0 {
		p.Heading = s.heading
	}
	if p.Align == "" {
		p.Align = s.align
	}
	if p.list == 0 {
		p.list, p.level = s.list, s.level
	}
	if p.list > 0 {
		if mark := w.lists.next(p.list, p.level); mark != "" {
			p.Runs = append([]run{{Text: mark + " "}}, p.Runs...)
		}
		if p.Heading == 0 {
			p.Indent = min(p.level, 3)
		}
	}
}

// inside reads what stands in a paragraph, or in what holds a part of it.
func (w *wordReader) inside(r *reader, p *paragraph, depth int) error {
	return r.each(func(r *reader, e xml.StartElement) error {
		switch {
		case e.Name.Local == "pPr":
			return p.properties(r)
		case e.Name.Local == "r":
			return w.run(r, p, run{}, depth)
		case holds(e):
			return w.inside(r, p, depth)
		}
		return r.skip()
	})
}

func (p *paragraph) properties(r *reader) error {
	return r.each(func(r *reader, e xml.StartElement) error {
		switch e.Name.Local {
		case "pStyle":
			p.style = value(e, "val")
		case "jc":
			p.Align = aligned(value(e, "val"))
		case "outlineLvl":
			p.Heading = heading(number(e, "val"))
		case "numPr":
			return r.each(func(r *reader, e xml.StartElement) error {
				switch e.Name.Local {
				case "ilvl":
					p.level = number(e, "val")
				case "numId":
					if p.list = number(e, "val"); p.list == 0 {
						p.list = -1
					}
				}
				return r.skip()
			})
		}
		return r.skip()
	})
}

func aligned(jc string) string {
	switch jc {
	case "center":
		return "center"
	case "right", "end":
		return "right"
	}
	return ""
}

// heading is the level of an outline, which counts from 0; 9 is body text.
func heading(outline int) int {
	if outline < 0 || outline > 5 {
		return 0
	}
	return outline + 1
}

// run reads a stretch of text in one style.
func (w *wordReader) run(r *reader, p *paragraph, style run, depth int) error {
	say := func(text string) {
		if n := len(p.Runs); n > 0 && p.Runs[n-1].Picture == nil && same(p.Runs[n-1], style) {
			p.Runs[n-1].Text += text
			return
		}
		next := style
		next.Text = text
		p.Runs = append(p.Runs, next)
	}
	return r.each(func(r *reader, e xml.StartElement) error {
		switch e.Name.Local {
		case "rPr":
			return style.properties(r)
		case "t":
			text, err := r.text()
			if text != "" {
				say(text)
			}
			return err
		case "tab", "ptab":
			say("\t")
		case "br", "cr":
			say("\n")
		case "noBreakHyphen":
			say("-")
		case "drawing", "pict", "object":
			return w.drawing(r, p, "", depth)
		case "AlternateContent", "Choice":
			return w.run(r, p, style, depth)
		}
		return r.skip()
	})
}

func same(a, b run) bool {
	return a.Bold == b.Bold && a.Italic == b.Italic && a.Underline == b.Underline && a.Strike == b.Strike
}

func (s *run) properties(r *reader) error {
	return r.each(func(r *reader, e xml.StartElement) error {
		switch e.Name.Local {
		case "b":
			s.Bold = on(e)
		case "i":
			s.Italic = on(e)
		case "u":
			s.Underline = on(e)
		case "strike", "dstrike":
			s.Strike = on(e)
		}
		return r.skip()
	})
}

// drawing takes the pictures and the text boxes of a drawing, however deep they
// stand in it.
func (w *wordReader) drawing(r *reader, p *paragraph, alt string, depth int) error {
	return r.each(func(r *reader, e xml.StartElement) error {
		switch e.Name.Local {
		case "docPr":
			alt = value(e, "descr")
		case "blip", "imagedata":
			id := relation(e, "embed") + relation(e, "id")
			p.Runs = append(p.Runs, run{Picture: w.d.picture(w.p, w.relations[id], alt)})
		case "txbxContent":
			if depth >= maxDepth {
				return r.skip()
			}
			return w.blocks(r, &p.boxes, depth+1)
		case "Fallback":
			return r.skip()
		}
		return w.drawing(r, p, alt, depth)
	})
}

// wordStyle is what a style says that a preview shows.
type wordStyle struct {
	heading, list, level int
	align                string
}

func (p pack) wordStyles() (map[string]wordStyle, error) {
	all := map[string]wordStyle{}
	err := p.part("word/styles.xml", func(r *reader, e xml.StartElement) error {
		if e.Name.Local != "style" || value(e, "type") != "paragraph" {
			return r.skip()
		}
		id, name, inner := value(e, "styleId"), "", paragraph{}
		err := r.each(func(r *reader, e xml.StartElement) error {
			switch e.Name.Local {
			case "name":
				name = strings.ToLower(value(e, "val"))
			case "pPr":
				return inner.properties(r)
			}
			return r.skip()
		})
		s := wordStyle{heading: inner.Heading, list: max(inner.list, 0), level: inner.level, align: inner.Align}
		if level, ok := strings.CutPrefix(name, "heading "); ok && len(level) == 1 && level[0] >= '1' && level[0] <= '6' {
			s.heading = int(level[0] - '0')
		}
		if name == "title" {
			s.heading = 1
		}
		all[id] = s
		return err
	})
	return all, err
}
