// Names the versions of the traffic routers whose kinds the suites declare; there is no Go code of the project.
module ml-verdict.test/conformance/argo/routers

go 1.26.0

require (
	istio.io/api v1.28.0
	sigs.k8s.io/gateway-api v1.4.0
)
