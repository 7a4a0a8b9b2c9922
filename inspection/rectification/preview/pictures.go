package preview

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"image"
	_ "image/gif"  // for the size of a picture
	_ "image/jpeg" // the same
	_ "image/png"  // the same
	"net/url"
	"path"
	"strings"

	_ "golang.org/x/image/webp" // the same

	"xuncha/inspection/rectification/files"
)

// Limits of the pictures of one document.
const (
	maxPictures     = 60
	maxPictureBytes = 12 << 20 // of all of them
	maxPixels       = 40_000_000
)

// picture is a picture inside the page, or why there is none.
type picture struct {
	Source template.URL // data:, made here and nowhere else
	Alt    string
	Why    string
}

// album counts what was shown.
type album struct{ n, bytes int }

// shown are the formats that browsers show without running anything.
var shown = map[string]string{"jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}

// picture reads one picture of the document. What a camera wrote into it (the place,
// the owner) is left out.
func (d *document) picture(p pack, name, alt string) *picture {
	no := func(why string) *picture { return &picture{Alt: alt, Why: why} }
	if d.pictures.n >= maxPictures || d.pictures.bytes >= maxPictureBytes {
		d.Cut = true
		return no("数量或大小超出预览范围")
	}
	b, err := p.read(name, maxPictureBytes-int64(d.pictures.bytes))
	if err != nil || len(b) == 0 {
		return no("无法读取")
	}
	cfg, format, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || shown[format] == "" {
		return no("此格式不能在页面内显示")
	}
	if cfg.Width*cfg.Height > maxPixels {
		return no("像素过多")
	}
	b, err = files.Cleaned(b, shown[format])
	if err != nil {
		return no("无法读取")
	}
	d.pictures.n++
	d.pictures.bytes += len(b)
	return &picture{Alt: alt, Source: template.URL("data:" + shown[format] + ";base64," + base64.StdEncoding.EncodeToString(b))} //nolint:gosec // of bytes that are a picture
}

// target is the part to which a relation of another part leads; empty for what
// lies outside the document.
func target(from, to, mode string) string {
	if mode == "External" {
		return ""
	}
	if u, err := url.PathUnescape(to); err == nil {
		to = u
	}
	if strings.HasPrefix(to, "/") {
		return strings.TrimPrefix(path.Clean(to), "/")
	}
	return path.Join(path.Dir(from), to)
}
