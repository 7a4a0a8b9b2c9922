package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/tenants"
	"xuncha/tenants/signon"
)

// words describes the words that all rooms share: days, identifiers, and the forms of exports.
func words(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[inspection.Day](), reflect.TypeFor[daySchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[documents.Form](), reflect.TypeFor[formSchema]())
	for _, t := range []reflect.Type{
		reflect.TypeFor[inspection.FindingID](), reflect.TypeFor[inspection.MeasureID](), reflect.TypeFor[inspection.EvidenceID](), reflect.TypeFor[inspection.EvidenceNoteID](),
		reflect.TypeFor[inspection.UploadID](), reflect.TypeFor[inspection.UnitID](), reflect.TypeFor[inspection.RoundID](),
		reflect.TypeFor[inspection.ImportID](), reflect.TypeFor[inspection.ReminderID](), reflect.TypeFor[inspection.MessageID](), reflect.TypeFor[inspection.NoticeID](), reflect.TypeFor[inspection.EscalationID](),
		reflect.TypeFor[inspection.DisclosureID](), reflect.TypeFor[inspection.MemberID](), reflect.TypeFor[inspection.GrantID](),
		reflect.TypeFor[inspection.OpinionID](),
		reflect.TypeFor[inspection.DoubtID](), reflect.TypeFor[inspection.PlanID](), reflect.TypeFor[inspection.ReportID](), reflect.TypeFor[inspection.HeadActID](), reflect.TypeFor[inspection.ExtensionID](),
		reflect.TypeFor[signon.KeyID](), reflect.TypeFor[tenants.ViewID](),
	} {
		schemas.RegisterTypeAlias(t, reflect.TypeFor[idSchema]())
	}
}

type (
	daySchema string
	idSchema  string
)

// Schema is a day without time or zone, in the years that [inspection.NewDay] has.
func (daySchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Format: "date", MaxLength: new(10),
		Pattern: "^(19(49|[5-9][0-9])|2[01][0-9]{2})-[0-9]{2}-[0-9]{2}$", PatternDescription: "1949 年至 2199 年间的日期",
	}
}

// Schema is an identifier, in the one form in which they are given out.
func (idSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Format: "uuid", MaxLength: new(36),
		Pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", PatternDescription: "identifier",
	}
}
