package documents

import (
	"bytes"
	"fmt"
	"strings"
)

// The type area is 156 mm wide (GB/T 9704-2012 §5.2.1); tables fill it.
const areaWidth = 8845 // twentieths of a point

// grid is a table of an official document: its head stands on every page, and no row
// is broken over two. A cell that is merged with the one above is [merged].
type grid struct {
	heads  []string
	shares []int // of the width, one for each column
	rows   [][]string
}

// merged stands in a cell that belongs to the one above it.
const merged = "\x00"

func (g grid) write(b *bytes.Buffer) {
	sum := 0
	for _, share := range g.shares {
		sum += share
	}
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="` + fmt.Sprint(areaWidth) + `" w:type="dxa"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="auto"/>`, side)
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	widths := make([]int, len(g.shares))
	for i, share := range g.shares {
		widths[i] = areaWidth * share / sum
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, widths[i])
	}
	b.WriteString(`</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, head := range g.heads {
		cell(b, widths[i], "", paragraph{text: head, font: "黑体", size: 21, align: "center", tight: true, before: 40, after: 40})
	}
	b.WriteString(`</w:tr>`)
	for n, row := range g.rows {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for i, text := range row {
			merge := ""
			switch {
			case text == merged:
				merge, text = `<w:vMerge/>`, ""
			case n+1 < len(g.rows) && g.rows[n+1][i] == merged:
				merge = `<w:vMerge w:val="restart"/>`
			}
			var ps []paragraph
			for line := range strings.Lines(text + "\n") {
				ps = append(ps, paragraph{text: strings.TrimSpace(line), size: 21, align: "left", tight: true, before: 20, after: 20})
			}
			cell(b, widths[i], merge, ps...)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
}

func cell(b *bytes.Buffer, width int, merge string, ps ...paragraph) {
	fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s<w:vAlign w:val="center"/></w:tcPr>`, width, merge)
	for _, p := range ps {
		p.write(b)
	}
	b.WriteString(`</w:tc>`)
}
