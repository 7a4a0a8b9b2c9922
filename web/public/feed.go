package public

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/feeds"

	"xuncha/inspection/disclosure"
)

// feedItems is how many publications a feed holds: what a reader who looks once a
// month can have missed.
const feedItems = 50

// feedKinds are the media types of the formats of a feed.
var feedKinds = map[string]string{
	"xml": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8",
}

// feed is P12: the latest publications of an office and of those below it. A
// corrected one is a new item: it appears again, and says that it is corrected.
func (s *Site) feed(ctx context.Context, to address, at place) (page, error) {
	latest, err := s.Reader.Latest(ctx, at.office, feedItems)
	if err != nil {
		return page{}, err
	}
	list := heads{region: at.region}
	f := &feeds.Feed{
		Title: siteName(at.office), Description: at.office.Name + "巡视巡察反馈问题整改进展情况的通报。",
		Link: &feeds.Link{Href: s.absolute(cmp.Or(at.base(), "/"))}, Id: s.absolute(cmp.Or(at.base(), "/")),
		Author: &feeds.Author{Name: at.office.Office},
	}
	for _, h := range latest {
		path := s.absolute(list.PathOf(h))
		item := &feeds.Item{
			Title: h.Title, Link: &feeds.Link{Href: path}, Id: fmt.Sprintf("%s?edition=%d", path, h.Edition),
			Description: summary(h), Created: h.PublishedAt, Updated: h.PublishedAt,
		}
		if h.Note != "" {
			item.Title = "【更正】" + h.Title
			item.Description += h.Note
		}
		f.Add(item)
		f.Updated = later(f.Updated, h.PublishedAt)
	}
	f.Created = f.Updated
	var text string
	switch to.format {
	case "xml":
		text, err = f.ToRss()
	case "atom":
		text, err = f.ToAtom()
	default:
		text, err = f.ToJSON()
	}
	if err != nil {
		return page{}, fmt.Errorf("write feed: %w", err)
	}
	return newPage(http.StatusOK, feedKinds[to.format], []byte(text)), nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// summary is a publication in one sentence, with numbers that add up.
func summary(h disclosure.Head) string {
	text := fmt.Sprintf("反馈问题%d个，已完成%d个，长期整改%d个，正在推进%d个", h.Findings, h.Done, h.LongTerm, h.Ongoing)
	if h.Withheld > 0 {
		text += fmt.Sprintf("，另有%d个依规不公开", h.Withheld)
	}
	return text + "。"
}

// absolute is how citizens reach a path of the site.
func (s *Site) absolute(path string) string { return s.Base.JoinPath(path).String() }
