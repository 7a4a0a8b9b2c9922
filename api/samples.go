package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection/rectification/samples"
	"xuncha/tenants"
)

// samples has what an office looks at again of what offices below closed (抽查已销号事项):
// one row for each item, which the one says something about and the other carries out.
func (s *Services) samples(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[samples.ID](), reflect.TypeFor[idSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[samples.ItemID](), reflect.TypeFor[idSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[samples.State](), reflect.TypeFor[sampleStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[samples.Action](), reflect.TypeFor[sampleActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[samples.Why](), reflect.TypeFor[sampleWhySchema]())
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Samples"}}
	}
	do := func(act string) permission {
		return permission{Roles: []tenants.Role{tenants.CITY, tenants.PROV}, Level: P1, Act: act}
	}
	read := permission{Roles: staff, Level: P1, Act: "read"}
	register(s, api, op("list-samples", http.MethodGet, "/samples", "Samples of closed items that your office drew below, and that were drawn above in yours"), read, s.listSamples)
	draw := op("draw-sample", http.MethodPost, "/samples", "Draw among the closed items of offices directly below (抽查)")
	draw.DefaultStatus = http.StatusCreated
	register(s, api, draw, do("sample.draw"), s.drawSample)
	register(s, api, op("get-sample", http.MethodGet, "/samples/{sample}", "One of them with its items, and what is needed to draw again"), read, s.getSample)
	register(s, api, op("look-at-sample", http.MethodPost, "/sample-items/{item}/look",
		"Read an item with a reason, which stands in the journal of the office whose item it is"), do("sample.look"), s.lookAtSample)
	register(s, api, op("confirm-sample", http.MethodPost, "/sample-items/{item}/confirm", "Say that an item was put right"), do("sample.confirm"), s.confirmSample)
	register(s, api, op("refute-sample", http.MethodPost, "/sample-items/{item}/refute",
		"Say that an item was not put right: it is reopened below; asks for a fresh proof of identity"), do("sample.refute"), s.refuteSample)
	register(s, api, op("list-item-samples", http.MethodGet, "/items/{id}/samples", "What samples came to for an item"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.listItemSamples)
}

type (
	sampleStateSchema  string
	sampleActionSchema string
	sampleWhySchema    string
)

// Schema lists the states of an item that was drawn.
func (sampleStateSchema) Schema(huma.Registry) *huma.Schema { return enumOf(samples.Items().States()) }

// Schema lists what is done with an item that was drawn.
func (sampleActionSchema) Schema(huma.Registry) *huma.Schema { return enumOf(samples.Items().Acts()) }

// Schema lists why an item is in a sample.
func (sampleWhySchema) Schema(huma.Registry) *huma.Schema { return enumOf(samples.Whys()) }

type samplesOutput struct {
	Body struct {
		Items []samples.Sample `json:"items" nullable:"false" maxItems:"200"`
	}
}

func (s *Services) listSamples(ctx context.Context, _ *struct{ Acting }) (*samplesOutput, error) {
	out := &samplesOutput{}
	var err error
	out.Body.Items, err = s.Samples.List(ctx, scopeOf(ctx))
	return out, err
}

type sampleOutput struct{ Body samples.Sample }

type drawSampleInput struct {
	Posting
	Body samples.Drawing
}

func (s *Services) drawSample(ctx context.Context, in *drawSampleInput) (*sampleOutput, error) {
	one, err := s.Samples.Draw(ctx, scopeOf(ctx), in.Body)
	return &sampleOutput{Body: one}, err
}

type getSampleInput struct {
	Acting
	Sample samples.ID `path:"sample" format:"uuid"`
}

func (s *Services) getSample(ctx context.Context, in *getSampleInput) (*sampleOutput, error) {
	one, err := s.Samples.Get(ctx, scopeOf(ctx), in.Sample)
	return &sampleOutput{Body: one}, err
}

type sampleItemOutput struct {
	ETag string `header:"ETag"`
	Body samples.Item
}

func sampled(i samples.Item, err error) (*sampleItemOutput, error) {
	return &sampleItemOutput{ETag: etag(i.Version), Body: i}, err
}

// ChangingSampleItem is part of every input that changes an item of a sample.
type ChangingSampleItem struct {
	Changing
	Item samples.ItemID `path:"item" format:"uuid"`
}

type lookAtSampleInput struct {
	ChangingSampleItem
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200" doc:"Why"`
	}
}

func (s *Services) lookAtSample(ctx context.Context, in *lookAtSampleInput) (*sampleItemOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return sampled(s.Samples.Look(ctx, scopeOf(ctx), in.Item, version, in.Body.Reason))
}

type confirmSampleInput struct {
	ChangingSampleItem
	Body struct {
		Fact string `json:"fact" minLength:"1" maxLength:"2000" doc:"What is so"`
	}
}

func (s *Services) confirmSample(ctx context.Context, in *confirmSampleInput) (*sampleItemOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return sampled(s.Samples.Confirm(ctx, scopeOf(ctx), in.Item, version, in.Body.Fact))
}

type refuteSampleInput struct {
	ChangingSampleItem
	Body samples.Refuting
}

func (s *Services) refuteSample(ctx context.Context, in *refuteSampleInput) (*sampleItemOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return sampled(s.Samples.Refute(ctx, scopeOf(ctx), in.Item, version, in.Body))
}

type itemSamplesOutput struct {
	Body struct {
		Items []samples.Item `json:"items" nullable:"false" maxItems:"1000"`
	}
}

func (s *Services) listItemSamples(ctx context.Context, in *itemInput) (*itemSamplesOutput, error) {
	out := &itemSamplesOutput{}
	var err error
	out.Body.Items, err = s.Samples.Of(ctx, scopeOf(ctx), in.ID)
	return out, err
}
