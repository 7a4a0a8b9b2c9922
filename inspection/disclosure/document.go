package disclosure

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/emmansun/gmsm/sm3"

	"xuncha/inspection"
)

// Document is what the public reads, and all of it: there is no field here that
// is not printed. Its JSON is the canonical form that is approved.
type Document struct {
	Form         string         `json:"form"` // version of this form
	Number       string         `json:"number"`
	Edition      int            `json:"edition"`
	Title        string         `json:"title"`
	Publisher    string         `json:"publisher"`
	Unit         string         `json:"unit"`
	Body         string         `json:"body"` // 党组, 党委: what the unit's leading body is called
	Round        string         `json:"round"`
	RoundFrom    inspection.Day `json:"round_from"`
	RoundUntil   inspection.Day `json:"round_until"`
	FeedbackOn   inspection.Day `json:"feedback_on"`
	PeriodFrom   inspection.Day `json:"period_from"`
	PeriodUntil  inspection.Day `json:"period_until"`
	AsOf         inspection.Day `json:"as_of"`
	Lead         string         `json:"lead"`
	Counts       Counts         `json:"counts"`
	Organisation string         `json:"organisation"`
	HeadDuty     string         `json:"head_duty"`
	Items        []PublicItem   `json:"items"`
	Transfers    string         `json:"transfers,omitempty"`
	NextSteps    string         `json:"next_steps"`
	Contact      Contact        `json:"contact"`
	Correction   string         `json:"correction,omitempty"`
	Dated        inspection.Day `json:"dated"`
}

// PublicItem is one finding on the page. Items are counted anew: a gap would tell
// which one is withheld.
type PublicItem struct {
	No         int             `json:"no"`
	Title      string          `json:"title"`
	Status     Status          `json:"status"`
	Problem    string          `json:"problem"`
	Result     string          `json:"result"`
	FinishedOn *inspection.Day `json:"finished_on,omitempty"`
	NextOn     *inspection.Day `json:"next_on,omitempty"`
	Rules      string          `json:"rules,omitempty"`
	Reason     string          `json:"reason,omitempty"`
	Goal       string          `json:"goal,omitempty"`
	Lead       string          `json:"lead,omitempty"`
	Updated    bool            `json:"updated,omitempty"`
}

// Contact is how to speak up (监督方式): lines of an office, never of a person.
type Contact struct {
	Phone   string `json:"phone"`
	Hours   string `json:"hours,omitempty"`
	Address string `json:"address,omitempty"`
	Email   string `json:"email,omitempty"`
}

// Rendering is a document as bytes: what is approved, and what is published.
type Rendering struct {
	Data    []byte // canonical JSON
	Article []byte // HTML
	Digest  []byte // SM3 over both
}

// document puts together what the public would read of d.
func (d Draft) document() Document {
	doc := Document{
		Form: "xuncha-disclosure/1", Number: d.Number, Edition: d.Edition, Title: d.Title, Publisher: d.Publisher,
		Unit: d.UnitName, Body: partyBody(d.UnitName), Round: d.RoundName, RoundFrom: d.RoundFrom, RoundUntil: d.RoundUntil,
		FeedbackOn: d.FeedbackOn, PeriodFrom: d.PeriodFrom, PeriodUntil: d.PeriodUntil, AsOf: d.AsOf, Lead: d.Lead,
		Counts: d.counts(), Organisation: d.Organisation, HeadDuty: d.HeadDuty, Items: []PublicItem{},
		Transfers: d.Transfers, NextSteps: d.NextSteps, Correction: d.Note, Dated: d.Dated,
		Contact: Contact{Phone: d.Phone, Hours: d.Hours, Address: d.Address, Email: d.Email},
	}
	for _, it := range d.Items {
		if it.Withheld == "" {
			doc.Items = append(doc.Items, it.public(len(doc.Items)+1))
		}
	}
	return doc
}

func (it Item) public(no int) PublicItem {
	p := PublicItem{
		No: no, Title: it.Title, Status: it.Status, Problem: it.Problem, Result: it.Result, Rules: it.Rules, Updated: it.Updated,
	}
	switch it.Status {
	case Done:
		p.FinishedOn = it.FinishedOn
	case LongTerm:
		p.NextOn, p.Reason, p.Goal, p.Lead = it.NextOn, it.Reason, it.Goal, it.Lead
	case Ongoing:
		p.NextOn = it.NextOn
	}
	return p
}

func (d Draft) counts() Counts {
	c := Counts{Findings: len(d.Items)}
	for _, it := range d.Items {
		switch {
		case it.Withheld != "":
			c.Withheld++
		case it.Status == Done:
			c.Done++
		case it.Status == LongTerm:
			c.LongTerm++
		default:
			c.Ongoing++
		}
	}
	return c
}

// render gives the document its bytes. Both parts go under the digest with their
// lengths, so that nothing can move from one to the other.
func (s *Service) render(d Draft) (Rendering, error) {
	doc := d.document()
	data, err := json.Marshal(doc)
	if err != nil {
		return Rendering{}, fmt.Errorf("write document: %w", err)
	}
	article, err := s.Article(doc)
	if err != nil {
		return Rendering{}, fmt.Errorf("render document: %w", err)
	}
	return Rendering{Data: data, Article: article, Digest: Digest(data, article)}, nil
}

// Digest returns what is approved of a document in these bytes.
func Digest(data, article []byte) []byte {
	var b []byte
	for _, part := range [][]byte{data, article} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(part)))
		b = append(b, part...)
	}
	sum := sm3.Sum(b)
	return sum[:]
}

// shows returns an error unless r is what the sender of digest saw, and what was
// handed in.
func (r Rendering) shows(d Draft, digest string) error {
	if hex.EncodeToString(r.Digest) != digest || d.Digest != nil && !bytes.Equal(r.Digest, d.Digest) {
		return inspection.Errorf(inspection.Conflict, "disclosure.other-text",
			"公开内容与您看到的已不一致。请刷新并重新核对后再办理。")
	}
	return nil
}

// String puts the contact into one line.
func (c Contact) String() string {
	return strings.Join(slices.DeleteFunc([]string{c.Phone, c.Hours, c.Address, c.Email}, func(s string) bool { return s == "" }), "，")
}

// String tells the item without its title, one paragraph for each part.
func (p PublicItem) String() string {
	parts := []string{"状态：" + p.Status.Word(), p.Problem, p.Result}
	if p.FinishedOn != nil {
		parts = append(parts, "完成时间："+Month(*p.FinishedOn))
	}
	if p.NextOn != nil {
		parts = append(parts, "下次公布时间："+Month(*p.NextOn))
	}
	parts = append(parts, p.Rules, p.Reason, p.Goal, p.Lead)
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
}
