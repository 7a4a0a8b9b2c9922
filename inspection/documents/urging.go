package documents

import (
	"cmp"
	"context"
	"fmt"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Urging takes a letter of an office above to one below (上级督办) out as a Word
// document, in the layout of [Service.Letter]. One whose text is not what was signed
// does not leave.
func (s *Service) Urging(ctx context.Context, scope tenants.Scope, id inspection.ReminderID) (File, error) {
	g, err := s.Reminders.Urging(ctx, scope, id)
	if err != nil {
		return File{}, err
	}
	if err := g.Whole(); err != nil {
		return File{}, err
	}
	e := tenants.Entry{
		Action: "urging.export", Object: "urging", ID: g.ID.UUID,
		Detail: tenants.Detail{Title: "下载" + g.Title, Text: cmp.Or(g.Number, "未签发稿"), Number: g.Item},
	}
	name := fmt.Sprintf("%s-%s.docx", cmp.Or(g.Number, g.Title+"（未签发稿）"), g.Item)
	return s.paper(ctx, scope, g.Text.Title, paragraphs(*g.Text), name, e)
}
