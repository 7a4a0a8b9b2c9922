package files

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"regexp"
)

// Limits of the look into a PDF. It is a look for words and no reading: what is
// packed deeper than this is not found, and nobody is shown the file itself
// because of that ([xuncha/inspection/rectification/preview.Leaf]).
const (
	pdfChunk   = 1 << 20  // bytes looked at together
	pdfOverlap = 4 << 10  // of them again, so that no word is cut
	pdfPacked  = 4 << 20  // bytes of one packed stream of objects, unpacked
	pdfStreams = 1000     // packed streams of objects
	pdfTotal   = 64 << 20 // bytes of all of them, unpacked
)

var (
	pdfActs    = regexp.MustCompile(`/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|ImportData|SubmitForm|GoToE)[\s/<>\[\]()]`)
	pdfLocked  = regexp.MustCompile(`/Encrypt[\s<]`)
	pdfObjects = regexp.MustCompile(`/ObjStm[\s/<>\[\]()]`)
	pdfStream  = regexp.MustCompile(`stream\r?\n`)
	pdfEscape  = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)
)

// actsPDF reports what a PDF says of itself: whether it would act when somebody
// opens it (script, starting a program, files inside it, sending what is filled in),
// and whether it is encrypted. Nothing of it is run.
func actsPDF(r io.ReaderAt, size int64) (active, encrypted bool) {
	eachPDF(r, size, func(b []byte) {
		b = pdfEscape.ReplaceAllFunc(b, unescaped) // /J#61vaScript is /JavaScript
		active = active || pdfActs.Match(b)
		encrypted = encrypted || pdfLocked.Match(b)
	})
	return active, encrypted
}

// unescaped is the byte that #61 stands for.
func unescaped(b []byte) []byte {
	digit := func(c byte) byte {
		switch {
		case c >= 'a':
			return c - 'a' + 10
		case c >= 'A':
			return c - 'A' + 10
		}
		return c - '0'
	}
	return []byte{digit(b[1])<<4 | digit(b[2])}
}

// eachPDF calls see with the whole of a PDF in overlapping pieces, and with the
// objects that are packed in it, as far as the limits go.
func eachPDF(r io.ReaderAt, size int64, see func([]byte)) {
	left := pdfBudget{streams: pdfStreams, bytes: pdfTotal}
	b := make([]byte, pdfChunk)
	for at := int64(0); at < size; at += pdfChunk - pdfOverlap {
		n, err := r.ReadAt(b, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return
		}
		see(b[:n])
		for _, found := range pdfObjects.FindAllIndex(b[:n], -1) {
			// What begins in the overlap is found again in the next piece.
			if found[0] >= pdfChunk-pdfOverlap {
				break
			}
			body := pdfStream.FindIndex(b[found[1]:min(n, found[1]+512)])
			if body != nil {
				left.unpack(io.NewSectionReader(r, at+int64(found[1]+body[1]), size), see)
			}
		}
	}
}

// pdfBudget is what may still be unpacked.
type pdfBudget struct{ streams, bytes int64 }

func (p *pdfBudget) unpack(packed io.Reader, see func([]byte)) {
	if p.streams--; p.streams < 0 || p.bytes <= 0 {
		return
	}
	z, err := zlib.NewReader(packed)
	if err != nil {
		return
	}
	var b bytes.Buffer
	n, _ := io.Copy(&b, io.LimitReader(z, min(pdfPacked, p.bytes))) // a broken end is no matter: what came is looked at
	p.bytes -= n
	see(append(b.Bytes(), '\n'))
}
