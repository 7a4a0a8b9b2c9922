package main

import (
	"context"

	"xuncha/api"
	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
)

// verifier lets the API ask who sends a request and what they may do now.
func verifier(sessions *signon.Sessions) func(context.Context, api.Credentials) (tenants.Scope, error) {
	return func(ctx context.Context, c api.Credentials) (tenants.Scope, error) {
		scope, _, err := sessions.Scope(ctx, signon.Credential{Session: c.Session, Token: c.Token}, c.Office, c.Identity)
		return scope, err
	}
}

// introducer lets the API tell a session who it is and as whom it may act.
func introducer(db *tenants.DB, sessions *signon.Sessions) func(context.Context, string) (api.Me, error) {
	return func(ctx context.Context, session string) (api.Me, error) {
		who, err := sessions.Read(ctx, session)
		if err != nil {
			return api.Me{}, err
		}
		all, err := sessions.Identities(ctx, who)
		if err != nil {
			return api.Me{}, err
		}
		me := api.Me{Name: who.Name, Identities: []api.Identity{}, Pending: []string{}}
		for _, i := range all {
			if i.Grant == (inspection.GrantID{}) {
				me.Pending = append(me.Pending, i.Office.Name)
				continue
			}
			known, err := identity(ctx, db, i)
			if err != nil {
				return api.Me{}, err
			}
			me.Identities = append(me.Identities, known)
		}
		return me, nil
	}
}

func identity(ctx context.Context, db *tenants.DB, i signon.Identity) (api.Identity, error) {
	above, err := db.Path(ctx, i.Office)
	if err != nil {
		return api.Identity{}, err
	}
	path := make([]string, 0, len(above))
	for _, office := range above {
		if office.ID != i.Office.ID {
			path = append(path, office.Name)
		}
	}
	known := api.Identity{
		Grant: i.Grant, Member: i.Member, Office: i.Office, Path: path, Role: i.Role, RoleName: i.Role.Name(), UnitName: i.UnitName,
	}
	if i.Until != 0 {
		known.Until = &i.Until
	}
	return known, nil
}
