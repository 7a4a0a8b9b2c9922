package preview

import (
	"context"
	"encoding/xml"
	"fmt"
	"unicode/utf8"
)

const (
	presentation = "ppt/presentation.xml"
	maxSlides    = 200
)

// slides reads the slides of a pptx in their order (chapter 19): text, tables and
// pictures, in the order in which they are stored.
func (d *document) slides(ctx context.Context, content []byte) error {
	p, err := open(content)
	if err != nil {
		return err
	}
	relations, err := p.relations(presentation)
	if err != nil {
		return err
	}
	var names []string
	err = p.part(presentation, func(r *reader, e xml.StartElement) error {
		if e.Name.Local != "sldIdLst" {
			return r.skip()
		}
		return r.each(func(r *reader, e xml.StartElement) error {
			if name := relations[relation(e, "id")]; name != "" {
				names = append(names, name)
			}
			return r.skip()
		})
	})
	if err != nil {
		return err
	}
	if len(names) > maxSlides {
		names, d.Cut = names[:maxSlides], true
	}
	for i, name := range names {
		s := &slideReader{ctx: ctx, d: d, p: p}
		if s.relations, err = p.relations(name); err != nil {
			return err
		}
		if err := p.part(name, s.shapes); err != nil {
			return err
		}
		d.Parts = append(d.Parts, part{Title: fmt.Sprintf("第 %d 页", i+1), Blocks: s.blocks})
	}
	return nil
}

type slideReader struct {
	ctx       context.Context // of the one reading for which it is made
	d         *document
	p         pack
	relations map[string]string
	blocks    []block
	title     bool   // the shape is the slide's title
	alt       string // of the picture
}

// shapes takes the paragraphs, tables and pictures of shapes, however deep they
// stand in groups.
func (s *slideReader) shapes(r *reader, e xml.StartElement) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	switch e.Name.Local {
	case "sp", "pic", "graphicFrame":
		s.title, s.alt = false, ""
	case "ph":
		kind := value(e, "type")
		s.title = kind == "title" || kind == "ctrTitle"
	case "cNvPr":
		s.alt = value(e, "descr")
	case "p":
		b, err := s.paragraph(r)
		if len(b.Runs) > 0 && s.d.room(lengthOf(b)) {
			s.blocks = append(s.blocks, b)
		}
		return err
	case "tbl":
		return s.table(r)
	case "blip":
		if id := relation(e, "embed"); id != "" {
			s.blocks = append(s.blocks, block{Runs: []run{{Picture: s.d.picture(s.p, s.relations[id], s.alt)}}})
		}
	case "Fallback", "timing", "transition":
		return r.skip()
	}
	return r.each(s.shapes)
}

func lengthOf(b block) (n int) {
	for _, run := range b.Runs {
		n += utf8.RuneCountInString(run.Text)
	}
	return n
}

func (s *slideReader) paragraph(r *reader) (b block, err error) {
	if s.title {
		b.Heading = 3
	}
	err = r.each(func(r *reader, e xml.StartElement) error {
		switch e.Name.Local {
		case "pPr":
			b.Indent = min(max(number(e, "lvl"), 0), 3)
			switch value(e, "algn") {
			case "ctr":
				b.Align = "center"
			case "r":
				b.Align = "right"
			}
		case "r", "fld":
			return r.each(func(r *reader, e xml.StartElement) error {
				if e.Name.Local != "t" {
					return r.skip()
				}
				text, err := r.text()
				b.Runs = append(b.Runs, run{Text: text})
				return err
			})
		case "br":
			b.Runs = append(b.Runs, run{Text: "\n"})
		}
		return r.skip()
	})
	return b, err
}

func (s *slideReader) table(r *reader) error {
	g := &grid{}
	err := r.each(func(r *reader, e xml.StartElement) error {
		if e.Name.Local != "tr" {
			return r.skip()
		}
		var row gridRow
		err := r.each(func(r *reader, e xml.StartElement) error {
			if e.Name.Local != "tc" || len(row.Cells) >= maxColumns {
				return r.skip()
			}
			c := cell{Cols: min(number(e, "gridSpan"), maxColumns), Rows: min(number(e, "rowSpan"), maxSlides)}
			goesOn := value(e, "hMerge") == "1" || value(e, "vMerge") == "1" || value(e, "hMerge") == "true" || value(e, "vMerge") == "true"
			err := s.cell(r, &c)
			if !goesOn {
				row.Cells = append(row.Cells, c)
			}
			return err
		})
		g.Rows = append(g.Rows, row)
		return err
	})
	if len(g.Rows) > 0 && s.d.room(0) {
		s.blocks = append(s.blocks, block{Table: g})
	}
	return err
}

func (s *slideReader) cell(r *reader, c *cell) error {
	return r.each(func(r *reader, e xml.StartElement) error {
		if e.Name.Local != "txBody" {
			return r.skip()
		}
		return r.each(func(r *reader, e xml.StartElement) error {
			if e.Name.Local != "p" {
				return r.skip()
			}
			s.title = false
			b, err := s.paragraph(r)
			if s.d.room(lengthOf(b)) {
				c.Blocks = append(c.Blocks, b)
			}
			return err
		})
	})
}
