package evaluations

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Issue is a card in force and where it comes from.
type Issue struct {
	Card
	Version int        `json:"version" minimum:"0" maximum:"2147483647" doc:"0 for a card that comes with the service"`
	Office  string     `json:"office" maxLength:"100" doc:"Whose it is; empty for one that comes with the service"`
	At      *time.Time `json:"at" nullable:"true"`
}

// Cards lists the cards in force for the scope's office: its own, those of the
// nearest office above, and those that come with the service.
func (s *Service) Cards(ctx context.Context, scope tenants.Scope) (all []Issue, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		all, err = inForce(ctx, tx)
		return err
	})
	return all, err
}

func inForce(ctx context.Context, tx *tenants.Tx) ([]Issue, error) {
	rows, _ := tx.Query(ctx, `select key, version, body, office, at from sec.cards()`)
	type row struct {
		Key     string
		Version int
		Body    []byte
		Office  string
		At      time.Time
	}
	published, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("read cards: %w", err)
	}
	base, err := shipped()
	if err != nil {
		return nil, err
	}
	all := make([]Issue, 0, len(base)+len(published))
	for _, c := range base {
		all = append(all, Issue{Card: c})
	}
	for _, p := range published {
		is := Issue{Version: p.Version, Office: p.Office, At: &p.At}
		if err := json.Unmarshal(p.Body, &is.Card); err != nil {
			return nil, fmt.Errorf("card %s, version %d: %w", p.Key, p.Version, err)
		}
		if i := slices.IndexFunc(all, func(known Issue) bool { return known.Key == p.Key }); i >= 0 {
			all[i] = is
		} else {
			all = append(all, is)
		}
	}
	return all, nil
}

// cardOf returns the card in force of that key.
func cardOf(ctx context.Context, tx *tenants.Tx, key string) (Issue, error) {
	all, err := inForce(ctx, tx)
	if err != nil {
		return Issue{}, err
	}
	for _, c := range all {
		if c.Key == key {
			return c, nil
		}
	}
	return Issue{}, inspection.InvalidFields("evaluation.card", "没有这种评分表，请重新选择。",
		inspection.Field{Pointer: "/card", Code: "choice", Message: "没有这种评分表，请重新选择。"})
}

// Publishing is a card, and why it is published.
type Publishing struct {
	Card Card   `json:"card"`
	Note string `json:"note" minLength:"1" maxLength:"500"`
}

// Publish makes a card the office's own: a further version of its key. Evaluations
// that began before keep theirs.
func (s *Service) Publish(ctx context.Context, scope tenants.Scope, p Publishing) (is Issue, err error) {
	if err := scope.Role().Allow(byDirector...); err != nil {
		return is, err
	}
	if err := scope.StepUp(s.Clock()); err != nil {
		return is, err
	}
	note, bad := inspection.CleanText("/note", p.Note, true, 500)
	if err := bad.Err("card.invalid"); err != nil {
		return is, err
	}
	if err := p.Card.Check(); err != nil {
		return is, under("/card", err)
	}
	now := s.Clock()
	is = Issue{Card: p.Card, Office: scope.Office().Short, At: &now}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		body, err := json.Marshal(p.Card)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `
			insert into score_cards (key, version, body, note, at, by_name)
			select @key, coalesce(max(c.version), 0) + 1, @body::json, @note, @at, @by
			from score_cards c where `+tenants.Own("c")+` and c.key = @key
			returning version`, pgx.StrictNamedArgs{
			"key": p.Card.Key, "body": string(body), "note": note, "at": now, "by": scope.Name(),
		}).Scan(&is.Version)
		if err != nil {
			return fmt.Errorf("publish card: %w", err)
		}
		tx.Journal(tenants.Entry{
			Action: "card.publish", Object: "card", After: is,
			Detail: tenants.Detail{Title: "发布评分表", Text: fmt.Sprintf("%s，第 %d 版：%s", p.Card.Name, is.Version, note)},
		})
		return nil
	})
	return is, err
}

// under moves the pointers of an error below a part of the input.
func under(at string, err error) error {
	e, ok := err.(*inspection.Error) //nolint:errorlint // made just now, never wrapped
	if !ok {
		return err
	}
	moved := *e
	moved.Fields = slices.Clone(e.Fields)
	for i := range moved.Fields {
		moved.Fields[i].Pointer = at + strings.TrimSuffix(moved.Fields[i].Pointer, "/")
	}
	return &moved
}
