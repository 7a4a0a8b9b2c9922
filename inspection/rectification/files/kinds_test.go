package files_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
)

const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// zipped returns a zip of these entries: names and contents in turn.
func zipped(t testing.TB, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		w, err := z.Create(entries[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, entries[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func word(t testing.TB, paragraphs ...string) []byte {
	body := ""
	for _, p := range paragraphs {
		body += "<w:p><w:r><w:t>" + p + "</w:t></w:r></w:p>"
	}
	return zipped(t, "[Content_Types].xml", "<Types/>", "word/document.xml", "<w:document>"+body+"</w:document>")
}

// ole returns a compound file whose directory names these streams. With more than
// three its directory has a second sector, to which the allocation table leads.
func ole(streams ...string) []byte {
	b := make([]byte, 512*6)
	copy(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	le := binary.LittleEndian
	le.PutUint16(b[26:], 3)
	le.PutUint16(b[30:], 9)
	le.PutUint32(b[44:], 1)
	le.PutUint32(b[48:], 1) // the directory begins in sector 1
	for i := range 109 {
		le.PutUint32(b[76+4*i:], 0xffffffff)
	}
	le.PutUint32(b[76:], 0) // sector 0 is the allocation table
	for i := range 128 {
		le.PutUint32(b[512+4*i:], 0xffffffff)
	}
	le.PutUint32(b[512+4:], 3)           // behind sector 1 comes sector 3
	le.PutUint32(b[512+12:], 0xfffffffe) // which is the last
	for i, name := range append([]string{"Root Entry"}, streams...) {
		at := 512*2 + 128*i
		if i >= 4 {
			at = 512*4 + 128*(i-4)
		}
		units := utf16.Encode([]rune(name))
		for j, u := range units {
			le.PutUint16(b[at+2*j:], u)
		}
		le.PutUint16(b[at+64:], uint16(2*len(units)+2))
	}
	return b
}

// pngOf returns the head of a picture that says it is this large.
func pngOf(w, h uint32) []byte {
	ihdr := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	ihdr = append(binary.BigEndian.AppendUint32(ihdr, h), 8, 2, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), ihdr...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(ihdr))
}

// webpOf returns the head of a WebP picture, of its extended form, that says it is
// this large.
func webpOf(w, h uint32) []byte {
	le := binary.LittleEndian
	b := append([]byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00"), 0, 0, 0, 0)
	b = append(b, le.AppendUint32(nil, w-1)[:3]...)
	return append(b, le.AppendUint32(nil, h-1)[:3]...)
}

func TestInspect(t *testing.T) {
	t.Parallel()
	var jpg, small bytes.Buffer
	if err := jpeg.Encode(&jpg, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	gbk, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("密级：秘密\n关于"))
	if err != nil {
		t.Fatal(err)
	}
	many := []string{"[Content_Types].xml", "", "word/document.xml", ""}
	for i := range 10_001 {
		many = append(many, fmt.Sprintf("word/media/%d", i), "")
	}
	pdf := []byte("%PDF-1.7\n…\ntrailer\n<</Root 1 0 R>>\n%%EOF\n")
	tests := []struct {
		name, file string
		content    []byte
		want       string // media type; or code of the refusal
		encrypted  bool
	}{
		{"pdf", "a.pdf", pdf, "application/pdf", false},
		{"encrypted pdf", "a.pdf", []byte("%PDF-1.7\ntrailer\n<</Encrypt 5 0 R>>\n%%EOF"), "application/pdf", true},
		{"jpeg", "a.jpg", jpg.Bytes(), "image/jpeg", false},
		{"jpeg called pdf", "a.pdf", jpg.Bytes(), "image/jpeg", false},
		{"png", "a.png", small.Bytes(), "image/png", false},
		{"webp", "a.webp", webpOf(16, 16), "image/webp", false},
		{"mp4", "a.mp4", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), "video/mp4", false},
		{"docx", "a.docx", word(t, "整改情况"), docx, false},
		{"ofd", "a.ofd", zipped(t, "OFD.xml", "<OFD/>", "Doc_0/Document.xml", ""), "application/ofd", false},
		{"doc", "a.doc", ole("1Table", "WordDocument"), "application/msword", false},
		{"wps", "a.wps", ole("WordDocument"), "application/msword", false},
		{"et, deep in the directory", "a.et", ole("a", "b", "c", "d", "Workbook"), "application/vnd.ms-excel", false},
		{"docx under a password", "a.docx", ole("EncryptionInfo", "EncryptedPackage"), docx, true},
		{"picture that is script, too", "a.gif", []byte("GIF89a/*\x00\x00\x00\x00\x00*/=1;alert(1)//"), "image/gif", false},
		{"pdf with a zip behind it", "a.pdf", append(bytes.Clone(pdf), zipped(t, "a.html", "<script>")...), "application/pdf", false},
		{"the word in a sentence is no mark", "a.docx", word(t, "严守工作秘密。"), docx, false},

		{"text", "a.txt", []byte("整改情况"), "file-kind", false},
		{"html", "a.pdf", []byte("<html><body>x</body></html>"), "file-kind", false},
		{"svg", "a.svg", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`), "file-kind", false},
		{"program", "a.pdf", []byte("MZ\x90\x00\x03\x00"), "file-kind", false},
		{"shell script", "a.pdf", []byte("#!/bin/sh\nrm -rf /\n"), "file-kind", false},
		{"plain zip", "a.zip", zipped(t, "a.txt", "x"), "file-kind", false},
		{"jar", "a.docx", zipped(t, "META-INF/MANIFEST.MF", "", "word/A.class", ""), "file-kind", false},
		{"installer", "a.doc", ole("\u4840\u3b3f\u43f2"), "file-kind", false},
		{"cut zip", "a.docx", word(t, "整改")[:60], "file-broken", false},
		{"cut compound file", "a.doc", ole("WordDocument")[:600], "file-broken", false},
		{"broken picture", "a.png", small.Bytes()[:20], "file-broken", false},
		{"macros", "a.docm", zipped(t, "[Content_Types].xml", "", "word/document.xml", "", "word/vbaProject.bin", ""), "active-content", false},
		{"too many entries", "a.docx", zipped(t, many...), "archive-limits", false},
		{"climbs out", "a.docx", zipped(t, "[Content_Types].xml", "", "word/document.xml", "", "word/../../x", ""), "archive-limits", false},
		{"absolute path", "a.docx", zipped(t, "[Content_Types].xml", "", "word/document.xml", "", "/etc/x", ""), "archive-limits", false},
		{"other system's path", "a.docx", zipped(t, "[Content_Types].xml", "", "word/document.xml", "", `word\..\x`, ""), "archive-limits", false},
		{"zips in a zip", "a.docx", zipped(t, "0.zip", string(zipped(t, "1.zip", string(zipped(t, "2.zip", ""))))), "file-kind", false},
		{"huge picture", "a.png", pngOf(100_000, 100_000), "image-too-large", false},
		{"huge webp", "a.webp", webpOf(16_383, 16_383), "image-too-large", false},
		{"broken webp", "a.webp", webpOf(16, 16)[:18], "file-broken", false},
		{"marked word", "a.docx", word(t, "机密★10年", "关于整改的报告"), "state-secret", false},
		{"marked line", "a.docx", word(t, "秘　密", "关于整改的报告"), "state-secret", false},
		{"split mark", "a.docx", word(t, "机</w:t></w:r><w:r><w:t>密★"), "state-secret", false},
		{"marked ofd", "a.ofd", zipped(t, "OFD.xml", "", "Doc_0/Pages/Page_0/Content.xml", "<ofd:TextCode>绝密★</ofd:TextCode>"), "state-secret", false},
		{"marked text", "a.txt", []byte("密级: 机密\n"), "state-secret", false},
		{"marked GBK text", "a.txt", gbk, "state-secret", false},
		{"marked name", "报告（机密）.pdf", pdf, "state-secret", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			look, err := files.Inspect(bytes.NewReader(tt.content), int64(len(tt.content)), tt.file)
			got := look.Type
			if err != nil {
				got = inspection.CodeOf(err)
			}
			if got != tt.want || look.Encrypted != tt.encrypted {
				t.Errorf("Inspect = %q, encrypted %t, %v; want %q", got, look.Encrypted, err, tt.want)
			}
		})
	}
}

// TestBomb looks at a container that says it unpacks to gigabytes: nothing of it
// is unpacked.
func TestBomb(t *testing.T) {
	t.Parallel()
	bomb := zipped(t, "[Content_Types].xml", "", "word/document.xml", string(make([]byte, 60<<20)))
	if _, err := files.Inspect(bytes.NewReader(bomb), int64(len(bomb)), "a.docx"); inspection.CodeOf(err) != "archive-limits" {
		t.Errorf("err = %v, want archive-limits", err)
	}
}

func FuzzInspect(f *testing.F) {
	f.Add([]byte("%PDF-1.7"), "a.pdf")
	f.Add(word(f, "整改"), "a.docx")
	f.Add(ole("a", "b", "c", "d", "WordDocument"), "a.doc")
	f.Add(pngOf(1, 1), "a.png")
	f.Fuzz(func(t *testing.T, content []byte, name string) {
		if len(content) == 0 {
			return
		}
		look, err := files.Inspect(bytes.NewReader(content), int64(len(content)), name)
		if err != nil && inspection.KindOf(err) == inspection.Internal {
			t.Errorf("%v has no kind", err)
		}
		if err == nil && look.Type == "" {
			t.Error("accepted as nothing")
		}
	})
}

func TestNamed(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"照片.JPG": "照片.JPG", "照片.jpeg": "照片.jpeg", "照片.pdf": "照片.pdf.jpg", "照片": "照片.jpg",
	} {
		k := files.Kind{Type: "image/jpeg", Exts: []string{".jpg", ".jpeg"}}
		if got := k.Named(in); got != want {
			t.Errorf("Named(%s) = %s, want %s", in, got, want)
		}
	}
}
