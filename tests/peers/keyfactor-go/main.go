// What Keyfactor's own client has to say to a server, one call after the other; each line of its output
// is one answer as JSON, under the call's name.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/Keyfactor/keyfactor-auth-client-go/auth_providers"
	command "github.com/Keyfactor/keyfactor-go-client-sdk/v25/api/keyfactor/v1"
)

func say(call string, answer any, err error) {
	said := map[string]any{"call": call, "answer": answer}
	if err != nil {
		said["error"] = err.Error()
	}
	line, _ := json.Marshal(said)
	fmt.Println(string(line))
}

func text(s string) command.NullableString { return *command.NewNullableString(&s) }
func number(n int32) command.NullableInt32  { return *command.NewNullableInt32(&n) }

func enrol(c *command.APIClient, ctx context.Context, name string) {
	now, yes := time.Now().UTC(), true
	asked := command.EnrollmentPFXEnrollmentRequest{
		Subject: text("CN=" + name), Password: text("a transfer password"), Template: text("WebServer"),
		IncludeChain: &yes, Timestamp: &now, SANs: map[string][]string{"dns": {name}},
		Metadata: map[string]interface{}{"Owner": "ops"},
	}
	answer, _, err := c.EnrollmentApi.NewCreateEnrollmentPFXRequest(ctx).XCertificateformat("PFX").
		EnrollmentPFXEnrollmentRequest(asked).Execute()
	say("pfx", answer, err)
}

func sign(c *command.APIClient, ctx context.Context, file string) {
	csr, err := os.ReadFile(file)
	now, yes := time.Now().UTC(), true
	if err != nil {
		panic(err)
	}
	answer, _, err := c.EnrollmentApi.NewCreateEnrollmentCSRRequest(ctx).XCertificateformat("PEM").
		EnrollmentCSREnrollmentRequest(command.EnrollmentCSREnrollmentRequest{
			CSR: string(csr), Template: text("WebServer"), IncludeChain: &yes, Timestamp: &now,
		}).Execute()
	say("csr", answer, err)
}

func list(c *command.APIClient, ctx context.Context, query string) {
	answer, reply, err := c.CertificateApi.NewGetCertificatesRequest(ctx).QueryString(query).ReturnLimit(100).
		SortField("CertId").IncludeMetadata(true).IncludeRevoked(true).IncludeHasPrivateKey(true).Execute()
	say("list", answer, err)
	if reply != nil {
		say("total", reply.Header.Get("x-total-count"), nil)
	}
}

func take(c *command.APIClient, ctx context.Context, id int32) {
	yes := true
	file, _, err := c.CertificateApi.NewCreateCertificatesDownloadRequest(ctx).XCertificateformat("PEM").
		CertificatesCertificateDownloadRequest(command.CertificatesCertificateDownloadRequest{
			CertID: number(id), IncludeChain: &yes}).Execute()
	say("download", file, err)
	pfx, _, err := c.CertificateApi.NewCreateCertificatesRecoverRequest(ctx).XCertificateformat("PFX").
		CertificatesCertificateRecoveryRequest(command.CertificatesCertificateRecoveryRequest{
			CertID: number(id), Password: "a transfer password", IncludeChain: &yes}).Execute()
	say("recover", pfx, err)
}

func revoke(c *command.APIClient, ctx context.Context, id int32, comment string) {
	reason := command.KeyfactorPKIEnumsRevokeCode(4)
	answer, _, err := c.CertificateApi.NewCreateCertificatesRevokeRequest(ctx).
		CertificatesRevokeCertificateRequest(command.CertificatesRevokeCertificateRequest{
			CertificateIds: []int32{id}, Reason: &reason, Comment: text(comment)}).Execute()
	say("revoke", answer, err)
}

func offered(c *command.APIClient, ctx context.Context) {
	context, _, err := c.EnrollmentApi.NewGetEnrollmentPFXContextMyRequest(ctx).Execute()
	say("context", context, err)
	templates, _, err := c.TemplateApi.NewGetTemplatesRequest(ctx).Execute()
	say("templates", templates, err)
	cas, _, err := c.CertificateAuthorityApi.NewGetCertificateAuthorityRequest(ctx).Execute()
	say("authorities", cas, err)
	collections, _, err := c.CertificateCollectionApi.NewGetCertificateCollectionsRequest(ctx).Execute()
	say("collections", collections, err)
}

func waiting(c *command.APIClient, ctx context.Context) {
	requests, _, err := c.WorkflowApi.NewGetWorkflowCertificatesPendingRequest(ctx).Execute()
	say("pending", requests, err)
	instances, _, err := c.WorkflowInstanceApi.NewGetWorkflowInstancesAssignedToMeRequest(ctx).Execute()
	say("assigned", instances, err)
}

func signal(c *command.APIClient, ctx context.Context, instance string) {
	one, _, err := c.WorkflowInstanceApi.NewGetWorkflowInstancesInstanceIdRequest(ctx, instance).Execute()
	say("instance", one, err)
	_, err = c.WorkflowInstanceApi.NewCreateWorkflowInstancesInstanceIdSignalsRequest(ctx, instance).
		WorkflowsSignalRequest(command.WorkflowsSignalRequest{SignalKey: text("RequireApproval1.ApprovalStatus"),
			Data: map[string]interface{}{"Approved": "True", "Comment": "ok"}}).Execute()
	say("signal", nil, err)
}

func secret(s string) *command.CSSCMSDataModelModelsKeyfactorAPISecret {
	return &command.CSSCMSDataModelModelsKeyfactorAPISecret{SecretValue: text(s)}
}

// A store, made as the vendor's client makes one, and what is then there; `rest` is its machine.
func makeStore(c *command.APIClient, ctx context.Context, rest string, agent string) {
	kind, minutes, no := int32(103), int32(60), false
	made, _, err := c.CertificateStoreApi.NewCreateCertificateStoresRequest(ctx).
		CSSCMSDataModelModelsCertificateStoresCertificateStoreCreateRequest(
			command.CSSCMSDataModelModelsCertificateStoresCertificateStoreCreateRequest{
				ClientMachine: text(rest), Storepath: text("/peer.jks"), CertStoreType: &kind,
				CreateIfMissing: &no, AgentId: text(agent), Password: secret("password of the store"),
				Properties: text(`{"ServerUseSsl":{"value":"true"},"Transfer":{"value":"SFTP"},` +
					`"ServerPassword":{"value":{"SecretValue":"password of the server"}}}`),
				InventorySchedule: &command.KeyfactorCommonSchedulingKeyfactorSchedule{
					Interval: &command.KeyfactorCommonSchedulingModelsIntervalModel{Minutes: &minutes}},
			}).Execute()
	say("make", made, err)
}

func stores(c *command.APIClient, ctx context.Context) {
	list, _, err := c.CertificateStoreApi.NewGetCertificateStoresRequest(ctx).Execute()
	say("stores", list, err)
}

func do(c *command.APIClient, ctx context.Context, word string, rest string) {
	id, _ := strconv.Atoi(rest)
	switch word {
	case "offered":
		offered(c, ctx)
	case "pfx":
		enrol(c, ctx, rest)
	case "csr":
		sign(c, ctx, rest)
	case "list":
		list(c, ctx, rest)
	case "take":
		take(c, ctx, int32(id))
	case "revoke":
		revoke(c, ctx, int32(id), "by the other client")
	case "blank":
		revoke(c, ctx, int32(id), " ")
	case "waiting":
		waiting(c, ctx)
	case "approve":
		answer, _, err := c.WorkflowApi.NewCreateWorkflowCertificatesApproveRequest(ctx).
			RequestBody([]int32{int32(id)}).Execute()
		say("approve", answer, err)
	case "signal":
		signal(c, ctx, rest)
	case "make":
		machine, agent, _ := strings.Cut(rest, " ")
		makeStore(c, ctx, machine, agent)
	case "stores":
		stores(c, ctx)
	case "drop":
		_, err := c.CertificateStoreApi.NewDeleteCertificateStoresByIdRequest(ctx, rest).Execute()
		say("drop", nil, err)
	case "restart":
		_, err := c.WorkflowInstanceApi.NewCreateWorkflowInstancesInstanceIdRestartRequest(ctx, rest).Execute()
		say("restart", nil, err)
	default:
		panic("no such word: " + word)
	}
}

// peer HOST CA-FILE USER, with the password in PEER_PASSWORD: words and what they are about as arguments.
func main() {
	auth := auth_providers.CommandAuthConfigBasic{}
	auth.WithCommandHostName(os.Args[1]).WithCommandAPIPath("KeyfactorAPI").WithCommandCACert(os.Args[2]).
		WithSkipVerify(false).WithClientTimeout(20)
	auth.WithUsername(os.Args[3]).WithPassword(os.Getenv("PEER_PASSWORD"))
	client, err := command.NewAPIClient(auth.GetServerConfig())
	if err != nil {
		say("sign-in", nil, err)
		os.Exit(1)
	}
	for i := 4; i+1 < len(os.Args); i += 2 {
		do(client, context.Background(), os.Args[i], os.Args[i+1])
	}
}
