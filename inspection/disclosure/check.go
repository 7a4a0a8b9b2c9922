package disclosure

import (
	"encoding/hex"
	"fmt"
	"net/mail"
	"slices"
	"unicode/utf8"

	"github.com/emmansun/gmsm/sm3"

	"xuncha/inspection"
	"xuncha/inspection/disclosure/privacy"
)

// problems lists what must be settled before the draft can go on.
func (d Draft) problems() []inspection.Field {
	p := problems{}
	p.text("/title", "标题", d.Title, headingLimit)
	p.text("/lead", "导语", d.Lead, leadLimit)
	p.text("/organisation", "履行主体责任情况", d.Organisation, 1000)
	p.text("/head_duty", "主要负责人履行第一责任人责任情况", d.HeadDuty, 1000)
	p.text("/next_steps", "下一步安排", d.NextSteps, nextLimit)
	p.text("/phone", "联系电话", d.Phone, 60)
	if a, err := mail.ParseAddress(d.Email); d.Email != "" && (err != nil || a.Address != d.Email) {
		p.add("/email", "email", "请填写一个电子邮箱地址，例如 xcb@example.cn；没有可以留空。")
	}
	if d.Edition > 1 {
		p.text("/note", "更正说明", d.Note, 200)
	}
	if d.Changed {
		p.add("/items", "ledger-changed", "台账已有变化。请重新取数，核对后再办理。")
	}
	switch c := d.counts(); {
	case c.Findings == c.Withheld:
		p.add("/items", "nothing", "没有可以公开的问题。")
	case c.Findings-c.Withheld > itemsLimit:
		p.add("/items", "too-many", fmt.Sprintf("一份通报最多 %d 个问题，请分部分公开。", itemsLimit))
	}
	for _, it := range d.Items {
		if it.Withheld == "" {
			p.item(it)
		}
	}
	return p
}

type problems []inspection.Field

func (p *problems) add(pointer, code, message string) {
	*p = append(*p, inspection.Field{Pointer: pointer, Code: code, Message: message})
}

func (p *problems) text(pointer, name, text string, limit int) {
	if inspection.Blank(text) {
		p.add(pointer, "required", "请填写"+name+"。")
	}
	if n := utf8.RuneCountInString(text); n > limit {
		p.add(pointer, "too-long", fmt.Sprintf("%s现有 %d 字，请控制在 %d 字以内。", name, n, limit))
	}
}

func (p *problems) item(it Item) {
	at := "/items/" + it.FindingID.String()
	p.text(at+"/title", "问题标题", it.Title, titleLimit)
	p.text(at+"/problem", "反馈问题", it.Problem, resultLimit)
	p.text(at+"/result", "整改措施与成效", it.Result, resultLimit)
	if it.Status == Done && it.FinishedOn == nil {
		p.add(at+"/finished_on", "required", "台账没有记录完成时间。请先在台账补正，再重新取数。")
	}
	if it.Status != Done && it.NextOn == nil {
		p.add(at+"/next_on", "required", "请填写下次公布时间。")
	}
	if it.Status == LongTerm {
		p.text(at+"/reason", "长期整改的原因", it.Reason, 200)
		p.text(at+"/goal", "阶段目标", it.Goal, 200)
		p.text(at+"/lead", "牵头单位", it.Lead, 60)
	}
}

// texts are the words that the public would read, and where each stands. The
// office's e-mail address is its to give, if that is all that stands in its place.
func (d Draft) texts() []field {
	fs := []field{
		{"/title", &d.Title, nil, 0},
		{"/lead", &d.Lead, nil, 0},
		{"/organisation", &d.Organisation, nil, 0},
		{"/head_duty", &d.HeadDuty, nil, 0},
		{"/transfers", &d.Transfers, nil, 0},
		{"/next_steps", &d.NextSteps, nil, 0},
		{"/phone", &d.Phone, nil, 0},
		{"/hours", &d.Hours, nil, 0},
		{"/address", &d.Address, nil, 0},
		{"/note", &d.Note, nil, 0},
		{"/email", &d.Email, nil, 0},
	}
	for i := range d.Items {
		it := &d.Items[i]
		if it.Withheld != "" {
			continue
		}
		at := "/items/" + it.FindingID.String()
		fs = append(fs,
			field{at + "/title", &it.Title, nil, 0}, field{at + "/problem", &it.Problem, nil, 0},
			field{at + "/result", &it.Result, nil, 0}, field{at + "/rules", &it.Rules, nil, 0},
			field{at + "/reason", &it.Reason, nil, 0}, field{at + "/goal", &it.Goal, nil, 0},
			field{at + "/lead", &it.Lead, nil, 0})
	}
	return fs
}

// hits finds personal data in the words that the public would read.
func (d Draft) hits() []Hit {
	found := []Hit{}
	for _, f := range d.texts() {
		text := *f.have
		for _, h := range privacy.Scan(text) {
			if f.pointer == "/email" && h.Kind == privacy.Email && h.Start == 0 && h.End == len(text) {
				continue
			}
			sum := sm3.Sum([]byte(f.pointer + "\x00" + string(h.Kind) + "\x00" + text[h.Start:h.End]))
			hit := Hit{
				ID: hex.EncodeToString(sum[:8]), Pointer: f.pointer, Kind: h.Kind, Name: h.Kind.Name(), Level: h.Level,
				Start: utf8.RuneCountInString(text[:h.Start]), End: utf8.RuneCountInString(text[:h.End]),
				Mask: h.Mask, Reason: h.Reason,
			}
			hit.Kept = h.Level == privacy.Hold && slices.ContainsFunc(d.Keeps, func(k Keep) bool { return k.Hit == hit.ID })
			found = append(found, hit)
		}
	}
	return found
}

// clean returns an error while personal data that must go is in the text, or,
// when all is to be decided, data that nobody decided to keep.
func (d Draft) clean(decided bool) error {
	var open []inspection.Field
	for _, h := range d.hits() {
		if h.Level == privacy.Block || decided && !h.Kept {
			open = append(open, inspection.Field{Pointer: h.Pointer, Code: string(h.Kind), Message: "含有" + h.Name + "，请脱敏或删除。"})
		}
	}
	if len(open) == 0 {
		return nil
	}
	return &inspection.Error{
		Kind: inspection.Conflict, Code: "disclosure.personal-data", Fields: open,
		Detail: fmt.Sprintf("还有 %d 处个人信息未处理，不能继续。请逐处脱敏或删除。", len(open)),
	}
}
