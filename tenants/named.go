package tenants

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

// positional gives a statement's named arguments their places. pgx reads the whole
// statement for that each time; here it does so once for each text.
func positional(ctx context.Context, sql string, args []any) (string, []any) {
	if len(args) != 1 {
		return sql, args
	}
	named, ok := args[0].(pgx.StrictNamedArgs)
	if !ok {
		return sql, args
	}
	s, ok := placed.get(sql)
	if !ok {
		if s, ok = place(ctx, sql, named); !ok {
			return sql, args // pgx says what is wrong
		}
		placed.put(sql, s)
	}
	if len(named) != len(s.names) {
		return sql, args
	}
	values := make([]any, len(s.names))
	for i, name := range s.names {
		if values[i], ok = named[name]; !ok {
			return sql, args
		}
	}
	return s.sql, values
}

// place has pgx rewrite the statement, with each argument's name as its value.
func place(ctx context.Context, sql string, named pgx.StrictNamedArgs) (placedStatement, bool) {
	names := make(pgx.StrictNamedArgs, len(named))
	for name := range named {
		names[name] = name
	}
	text, values, err := names.RewriteQuery(ctx, nil, sql, nil)
	if err != nil {
		return placedStatement{}, false
	}
	s := placedStatement{sql: text, names: make([]string, len(values))}
	for i, v := range values {
		s.names[i] = v.(string)
	}
	return s, true
}

// placedStatement is a statement with places for arguments, and their names in the
// order of the places.
type placedStatement struct {
	sql   string
	names []string
}

// maxPlaced is how many statements are kept: more than the house has. Filters are
// put together from fixed parts, but nobody counts in how many ways.
const maxPlaced = 4000

var placed placedStatements

type placedStatements struct {
	mu    sync.RWMutex
	known map[string]placedStatement
}

func (p *placedStatements) get(sql string) (placedStatement, bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	s, ok := p.known[sql]
	return s, ok
}

func (p *placedStatements) put(sql string, s placedStatement) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) >= maxPlaced {
		p.known = map[string]placedStatement{}
	}
	p.known[sql] = s
}
