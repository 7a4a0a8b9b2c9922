package files

import (
	"archive/zip"
	"io"
	"path"
	"regexp"
	"strings"

	"xuncha/inspection"
)

// Limits of a container. A document of 200 MB with pictures stays far below.
const (
	maxEntries = 10_000
	maxTotal   = 2 << 30 // bytes, unpacked, as the directory says
	maxRatio   = 200     // unpacked to packed, for containers that matter
	maxPart    = 1 << 20 // bytes of one part that are read for marks
	maxParts   = 20
)

var (
	errArchive = inspection.Errorf(inspection.Invalid, "archive-limits", "文件内部的内容过多或压缩异常，无法接收。请另存后上传。")
	errActive  = inspection.Errorf(inspection.Invalid, "active-content", "文件含有宏。请另存为不含宏的文件后上传。")
)

// container looks at a zip: Office documents and OFD are zips. Only its directory
// is read, and the parts that may carry a mark of secrecy, up to a limit.
func container(r io.ReaderAt, size int64) (Look, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Look{}, errBroken
	}
	if err := withinLimits(z, size); err != nil {
		return Look{}, err
	}
	k, texts := whose(z)
	if k.Type == "" {
		return Look{}, errKind
	}
	look := Look{Kind: k}
	read := 0
	for _, f := range z.File {
		look.Encrypted = look.Encrypted || f.Flags&1 != 0
		if strings.EqualFold(path.Base(f.Name), "vbaProject.bin") {
			return Look{}, errActive
		}
		if read == maxParts || f.Flags&1 != 0 || !texts.MatchString(f.Name) {
			continue
		}
		read++
		secret, err := markedPart(f)
		if err != nil {
			return Look{}, errBroken
		}
		if secret {
			return Look{}, ErrSecret
		}
	}
	return look, nil
}

func withinLimits(z *zip.Reader, size int64) error {
	if len(z.File) > maxEntries {
		return errArchive
	}
	var total uint64
	for _, f := range z.File {
		clean := path.Clean("/" + f.Name)
		if strings.Contains(f.Name, `\`) || strings.HasPrefix(f.Name, "/") || clean != "/"+strings.TrimSuffix(f.Name, "/") {
			return errArchive
		}
		if total += f.UncompressedSize64; total > maxTotal {
			return errArchive
		}
	}
	if total > 50<<20 && total/uint64(size) > maxRatio {
		return errArchive
	}
	return nil
}

// documents are the kinds of container: the entry that names them, and the parts
// that hold their text.
var documents = []struct {
	entry string // of the directory; a folder if it ends in /
	kind  string
	texts *regexp.Regexp
}{
	{
		"OFD.xml", "application/ofd",
		regexp.MustCompile(`/Pages/Page_[0-9]+/Content\.xml$`),
	},
	{
		"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		regexp.MustCompile(`^word/(document|header[0-9]*)\.xml$`),
	},
	{
		"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		regexp.MustCompile(`^xl/sharedStrings\.xml$`),
	},
	{
		"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
		regexp.MustCompile(`^ppt/slides/slide[0-9]+\.xml$`),
	},
}

func whose(z *zip.Reader) (Kind, *regexp.Regexp) {
	types := false
	for _, f := range z.File {
		types = types || f.Name == "[Content_Types].xml"
	}
	for _, d := range documents {
		for _, f := range z.File {
			folder := strings.HasSuffix(d.entry, "/")
			if f.Name == d.entry || folder && types && strings.HasPrefix(f.Name, d.entry) {
				k, _ := kindOf(d.kind)
				return k, d.texts
			}
		}
	}
	return Kind{}, nil
}

func markedPart(f *zip.File) (bool, error) {
	r, err := f.Open()
	if err != nil {
		return false, err
	}
	defer func() { _ = r.Close() }()
	b, err := io.ReadAll(io.LimitReader(r, maxPart))
	if err != nil {
		return false, err
	}
	return marked(plain(b)), nil
}
