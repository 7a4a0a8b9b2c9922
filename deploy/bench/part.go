package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// part is one thing that is measured, by the name that chooses it. A further one
// is a line here and a file of its own.
type part struct {
	name string
	what string // for whoever waits
	run  func(ctx context.Context, r *rig) ([]Row, error)
}

// parts lists what is measured, in its order.
func parts() []part {
	return []part{
		{"list", listOpen.name, listOpen.rows},
		{"finding", oneFinding.name, oneFinding.rows},
		{"state", changeState.name, changeState.rows},
		{"filters", "filters of a large ledger", func(ctx context.Context, r *rig) ([]Row, error) {
			return r.filtered(ctx, r.Options, largeLedger, r.ours, r.bare)
		}},
		{"near", "near texts", func(ctx context.Context, r *rig) ([]Row, error) { return r.near(ctx, nearMeasures) }},
		{"find", "the public's search", func(ctx context.Context, r *rig) ([]Row, error) { return r.finding(ctx, notices) }},
		{"remind", "reminders of a million open items", func(ctx context.Context, r *rig) ([]Row, error) { return r.reminders(ctx, remindOffices) }},
		{"export", "ledger export", exporting},
		{"idle", "idle memory", idle},
		{"import", "ledger import", importing},
		{"upload", "a gigabyte of evidence", uploading},
	}
}

// Names lists the parts that [Options.Only] may name.
func Names() []string {
	var names []string
	for _, p := range parts() {
		names = append(names, p.name)
	}
	return names
}

// chosen returns the parts with these names, all of them if none is named.
func chosen(names []string) ([]part, error) {
	for _, name := range names {
		if !slices.Contains(Names(), name) {
			return nil, fmt.Errorf("nothing that is measured is called %q; there are %s", name, strings.Join(Names(), ", "))
		}
	}
	return slices.DeleteFunc(parts(), func(p part) bool { return len(names) > 0 && !slices.Contains(names, p.name) }), nil
}

// rig is what the parts share.
type rig struct {
	House
	Options
	ours, bare string // addresses
	progress   io.Writer
	filled     []key // of the hundred offices with their ledgers, once somebody asked for them
}

// keys returns a key for each of the hundred offices, whose ledgers it fills first.
func (r *rig) keys(ctx context.Context) ([]key, error) {
	if r.filled != nil {
		return r.filled, nil
	}
	fmt.Fprintf(r.progress, "filling the database: %d offices, %d findings each, %d measures each\n", offices, findings, measures)
	keys, err := r.fill(ctx)
	if err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	r.filled = keys
	return keys, nil
}

// tree writes the offices, without anything in them.
func (h House) tree(ctx context.Context) error {
	for _, sql := range []string{fillOffices, bareHistory, bareLedger} {
		if _, err := h.Bare.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			return fmt.Errorf("%.40s…: %w", sql, err)
		}
	}
	return nil
}

// rows measures both sides in turns.
func (m measurement) rows(ctx context.Context, r *rig) ([]Row, error) {
	keys, err := r.keys(ctx)
	if err != nil {
		return nil, err
	}
	row, err := m.run(ctx, r.Options, &load{r.ours, keys}, &load{r.bare, keys})
	return []Row{row}, err
}

// idle measures a service that nobody asks anything.
func idle(ctx context.Context, r *rig) ([]Row, error) {
	keys, err := r.keys(ctx)
	if err != nil {
		return nil, err
	}
	s, err := r.serve(ctx)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	row, err := s.idle(ctx, keys[0])
	return []Row{row}, err
}

// importing measures a ledger that comes in.
func importing(ctx context.Context, r *rig) ([]Row, error) {
	keys, err := r.keys(ctx)
	if err != nil {
		return nil, err
	}
	s, err := r.serve(ctx)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	return r.importLedgers(ctx, s, r.bare, keys)
}
