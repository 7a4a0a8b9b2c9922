// Package sample makes small files as people hand them in, for tests and the
// demo. The same words give the same bytes.
package sample

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"time"
)

// Scene is an invented picture: patches of colour that follow from its words.
func Scene(words string, width, height int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(words))
	seed := sum.Sum64()
	const across = 8
	for y := range height {
		for x := range width {
			cell := uint64(y*across/height*across + x*across/width)
			v := (seed ^ cell*0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9
			v ^= v >> 31
			img.Set(x, y, color.RGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), 255}) //nolint:gosec // a colour
		}
	}
	return img
}

// JPEG is a photo of img. taken is what its EXIF says, without zone, as cameras
// write it; empty for a photo that says nothing.
func JPEG(img image.Image, quality int, taken string) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // a buffer takes everything
	}
	if taken == "" {
		return b.Bytes()
	}
	return append(append([]byte{0xff, 0xd8}, exif(taken)...), b.Bytes()[2:]...)
}

// exif is an APP1 segment whose only word is DateTimeOriginal (Exif 2.3, 4.6.5).
func exif(taken string) []byte {
	text := append([]byte(taken), 0)
	var t bytes.Buffer
	t.WriteString("MM\x00\x2a")
	word := func(v any) { _ = binary.Write(&t, binary.BigEndian, v) }
	word(uint32(8))                          // first directory
	word([]uint16{1, 0x8769, 4})             // it leads to the EXIF directory
	word([]uint32{1, 26, 0})                 // at 26, and none follows
	word([]uint16{1, 0x9003, 2})             // DateTimeOriginal, text
	word([]uint32{uint32(len(text)), 44, 0}) //nolint:gosec // short; at 44, and none follows
	t.Write(text)
	body := append([]byte("Exif\x00\x00"), t.Bytes()...)
	return append([]byte{0xff, 0xe1, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
}

// PNG is img without loss.
func PNG(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// DOCX is a document of these lines that says when it was made and last changed.
func DOCX(made, edited time.Time, lines ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	part := func(name, text string) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, err = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + text))
		}
		if err != nil {
			panic(err) // a buffer takes everything
		}
	}
	const packages = "http://schemas.openxmlformats.org/package/2006/"
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	part("[Content_Types].xml", `<Types xmlns="`+packages+`content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`)
	part("_rels/.rels", `<Relationships xmlns="`+packages+`relationships"><Relationship Id="rId1" Type="`+office+`officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="`+packages+`relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`)
	part("docProps/core.xml", fmt.Sprintf(`<cp:coreProperties xmlns:cp="`+packages+`metadata/core-properties" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">%s</dcterms:modified></cp:coreProperties>`,
		made.UTC().Format(time.RFC3339), edited.UTC().Format(time.RFC3339)))
	var body strings.Builder
	for _, line := range lines {
		body.WriteString("<w:p><w:r><w:t>")
		_ = xml.EscapeText(&body, []byte(line))
		body.WriteString("</w:t></w:r></w:p>")
	}
	part("word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`+body.String()+`</w:body></w:document>`)
	if err := z.Close(); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// PDF is a document of so many pages, each with its number on it. What the catalogue
// says besides stands in more: what it does when it is opened, for instance.
func PDF(pages int, more string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(body string) int {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
		return len(at)
	}
	b.WriteString("%PDF-1.7\n")
	object("<</Type/Catalog/Pages 2 0 R" + more + ">>")
	kids := make([]string, pages)
	for i := range kids {
		kids[i] = fmt.Sprintf("%d 0 R", 4+2*i)
	}
	object(fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", pages, strings.Join(kids, " ")))
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	for i := range pages {
		text := fmt.Sprintf("BT /F1 96 Tf 150 500 Td (%d / %d) Tj ET", i+1, pages)
		object(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", 5+2*i))
		object(fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(text), text))
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}
