/* slow: a thread for each connection, which waits and shakes hands. */
#include "slow.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define DAY 86400

struct server {
	SSL_CTX *context;
	int listener;
	int delay_ms;
};

struct visit {
	const struct server *server;
	int fd;
};

static void add_cert(SSL_CTX *context, EVP_PKEY *key)
{
	X509 *cert = X509_new();
	X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:*.example.org");

	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -DAY);
	X509_gmtime_adj(X509_getm_notAfter(cert), DAY);
	X509_set_pubkey(cert, key);
	X509_add_ext(cert, names, -1);
	X509_sign(cert, key, EVP_sha256());
	SSL_CTX_use_certificate(context, cert);
	SSL_CTX_use_PrivateKey(context, key);
	X509_EXTENSION_free(names);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void *visit(void *data)
{
	struct visit *v = data;
	SSL *ssl = SSL_new(v->server->context);
	struct pollfd nothing = { .fd = -1 };

	poll(&nothing, 1, v->server->delay_ms);
	SSL_set_fd(ssl, v->fd);
	SSL_accept(ssl);
	SSL_free(ssl);
	close(v->fd);
	g_free(v);
	return NULL;
}

static void *serve(void *data)
{
	const struct server *server = data;
	int fd;

	while ((fd = accept(server->listener, NULL, NULL)) >= 0) {
		struct visit *v = g_new(struct visit, 1);
		pthread_t thread;

		*v = (struct visit){ server, fd };
		pthread_create(&thread, NULL, visit, v);
		pthread_detach(thread);
	}
	return NULL;
}

uint16_t slow_start(int delay_ms)
{
	struct server *server = g_new0(struct server, 1);	/* as long as the program */
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(at);
	pthread_t thread;

	server->delay_ms = delay_ms;
	server->context = SSL_CTX_new(TLS_server_method());
	add_cert(server->context, EVP_EC_gen("P-256"));
	add_cert(server->context, EVP_RSA_gen(2048));
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(server->listener, (struct sockaddr *)&at, len) || listen(server->listener, 512) ||
	    getsockname(server->listener, (struct sockaddr *)&at, &len) ||
	    pthread_create(&thread, NULL, serve, server))
		g_error("the server does not start");
	return ntohs(at.sin_port);
}
