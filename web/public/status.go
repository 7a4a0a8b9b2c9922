package public

import (
	"context"
	"errors"
	"net/http"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
)

// notice is P14: a page that says why there is no page.
type notice struct {
	frame
	Paragraphs []string
	Contact    *contact
}

type contact struct{ Office, Phone string }

// What status pages say. The page for what does not exist never says more: what
// is not yet published and what never was look alike to the last byte.
var (
	pageNotFound = notice{
		frame: frame{Heading: "没有找到这个页面"},
		Paragraphs: []string{
			"您访问的地址可能有误，或者页面不存在。",
			"已公开的通报使用固定网址，可从首页按地区查找。",
		},
	}
	pageAway = notice{
		frame: frame{Heading: "页面暂时无法打开"},
		Paragraphs: []string{
			"服务正在恢复，请稍后再试。已公开的通报不会因此变化。",
			"需要反映意见时，可以拨打电话或来信。",
		},
	}
)

// status renders a status page.
func (s *Site) status(code int, n notice) page {
	n.Site, n.Style, n.Demo = "巡视巡察整改公开", stylePath, s.Demo
	n.Title = n.Heading + " - " + n.Site
	if reg := s.offices.Load(); reg != nil && code == http.StatusServiceUnavailable {
		n.Contact = &contact{reg.top.Office, reg.top.Phone}
	}
	p, err := show(code, "status.html", n)
	if err != nil {
		panic(err) // the template belongs to the program, and a test renders it
	}
	return p
}

// gone is the page of what was taken back: it stays, and says when and why.
func (s *Site) gone(ctx context.Context, to address, r *disclosure.Retracted) page {
	n := notice{
		frame: frame{Heading: "本页已撤回"},
		Paragraphs: []string{
			"索引号 " + r.Number + " 的页面已于" + disclosure.Date(inspection.DayOf(r.At)) + "撤回。",
			"原因：" + r.Reason,
		},
	}
	if reg, err := s.region(ctx); err == nil {
		if at, err := reg.find(to.offices); err == nil {
			n.Contact = &contact{at.office.Office, at.office.Phone}
		}
	}
	return s.status(http.StatusGone, n)
}

// Article renders a document as the part of its page that is approved.
func Article(doc disclosure.Document) ([]byte, error) {
	v := article{Document: doc, Contents: len(doc.Items) > 8}
	for _, it := range doc.Items {
		if it.Status == disclosure.LongTerm {
			v.LongTerm = append(v.LongTerm, it)
		}
	}
	p, err := show(http.StatusOK, "article.html", v)
	return p.body, err
}

type article struct {
	disclosure.Document
	Contents bool // the page is long enough for a table of contents
	LongTerm []disclosure.PublicItem
}

// Ordinal numbers the n-th section after those that every page has.
func (a article) Ordinal(n int) string {
	at := 2
	if len(a.LongTerm) > 0 {
		at++
	}
	if a.Transfers == "" {
		n--
	}
	return string([]rune("零一二三四五六七")[at+n])
}

// Preview renders a page that stands alone, as it would look once published:
// for the editor, before there is a publication.
func Preview(doc disclosure.Document, article []byte, large bool) ([]byte, error) {
	if len(article) == 0 {
		return nil, errors.New("nothing to preview")
	}
	p, err := show(http.StatusOK, "preview.html", preview{
		frame:  frame{Site: "预览", Title: doc.Title, Inline: style, Large: large, Host: doc.Publisher},
		Number: doc.Number, Article: trusted(article),
	})
	return p.body, err
}
