package api

import (
	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection/disclosure"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/inspection/documents"
	"xuncha/inspection/findings"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/directives"
	"xuncha/inspection/rectification/doubts"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/inspection/rectification/extensions"
	"xuncha/inspection/rectification/followups"
	"xuncha/inspection/rectification/listings"
	"xuncha/inspection/rectification/longterm"
	"xuncha/inspection/rectification/plans"
	"xuncha/inspection/rectification/reports"
	"xuncha/inspection/rectification/samples"
	"xuncha/inspection/rounds"
	"xuncha/inspection/statistics"
	"xuncha/inspection/units"
	"xuncha/tenants"
	"xuncha/tenants/signon"
)

// Rooms are the services that have operations.
type Rooms struct {
	Members *tenants.Members
	Keys    *signon.Keys
	Views   *tenants.Views
	Looks   *tenants.Looks

	Units         *units.Service
	Rounds        *rounds.Service
	Findings      *findings.Service
	Rectification *rectification.Service
	Extensions    *extensions.Service
	LongTerm      *longterm.Service
	Imports       *rectification.Imports
	Reminders     *rectification.Reminders
	Outbox        *rectification.Outbox
	Plans         *plans.Service
	Reports       *reports.Service
	Checks        *checks.Service
	Doubts        *doubts.Service
	Evaluations   *evaluations.Service
	FollowUps     *followups.Service
	Samples       *samples.Service
	Listings      *listings.Service
	Directives    *directives.Service
	Linkage       *linkage.Service
	Disclosure    *disclosure.Service
	Opinions      *opinions.Service
	Statistics    *statistics.Service
	Documents     *documents.Service
}

func (r *Rooms) register(s *Services, api huma.API) {
	s.members(api)
	s.contacts(api)
	s.views(api)
	s.looks(api)
	s.units(api)
	s.rectification(api)
	s.evidence(api)
	s.extensions(api)
	s.parts(api)
	s.longterm(api)
	s.imports(api)
	s.reminders(api)
	s.plans(api)
	s.reports(api)
	s.checks(api)
	s.doubts(api)
	s.evaluations(api)
	s.followups(api)
	s.samples(api)
	s.listings(api)
	s.directives(api)
	s.linkage(api)
	s.escalations(api)
	s.disclosure(api)
	s.opinions(api)
	s.statistics(api)
	s.exports(api)
}
