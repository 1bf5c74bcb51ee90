//! Signing in through the browser, refreshing, sessions and their end.

use super::*;
use std::collections::HashMap;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
const BACK: &str = "http://127.0.0.1:49152/back";

/// A client that does not follow the way back.
#[expect(clippy::disallowed_methods, reason = "the simulators do not know the project's own client")]
fn browser() -> Client {
    let _ = client();
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

impl Desk {
    /// Where the page sends the user, without what comes before the question mark.
    async fn authorize(&self, query: &str) -> HashMap<String, String> {
        let url = format!("{}/restapi/oauth/authorize?{query}", self.base);
        let answer = browser().get(url).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FOUND, "{query}");
        let to = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        assert!(to.as_str().starts_with(BACK), "{to}");
        to.query_pairs().into_owned().collect()
    }

    async fn code(&self, challenge: &str) -> String {
        let query = format!("response_type=code&client_id={CLIENT_ID}&redirect_uri={BACK}&{challenge}");
        self.authorize(&query).await["code"].clone()
    }

    /// The answer to a grant by a public application; its refusal as the word of OAuth and the code inside.
    async fn grant(&self, form: &[(&str, &str)]) -> Result<Value, (String, String)> {
        let form: Vec<(&str, &str)> = form.iter().copied().chain([("client_id", CLIENT_ID)]).collect();
        let url = format!("{}/restapi/oauth/token", self.base);
        told(self.client.post(url).form(&form).send().await.unwrap()).await
    }

    async fn exchange(&self, code: &str, verifier: &str) -> Result<Value, (String, String)> {
        let code = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK)];
        self.grant(&[code[0], code[1], code[2], ("code_verifier", verifier)]).await
    }

    async fn refresh(&self, token: &str) -> Result<Value, (String, String)> {
        self.grant(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// What a token gets for asking who it belongs to.
    async fn status_with(&self, token: &Value) -> StatusCode {
        let url = format!("{}/restapi/v1.0/account/~/extension/~", self.base);
        self.client.get(url).bearer_auth(token.as_str().unwrap()).send().await.unwrap().status()
    }

    async fn signed_in(&self) -> Value {
        let code = self.code(CHALLENGE).await;
        self.exchange(&code, VERIFIER).await.unwrap()
    }
}

async fn told(answer: Response) -> Result<Value, (String, String)> {
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    if status == StatusCode::OK {
        return Ok(body);
    }
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    Err((text(&body["error"]), text(&body["errors"][0]["errorCode"])))
}

fn denied(error: &str, code: &str) -> Result<Value, (String, String)> {
    Err((error.to_owned(), code.to_owned()))
}

#[tokio::test]
async fn the_user_comes_back_with_a_code_that_is_good_once_and_for_a_minute() {
    let desk = Desk::open().await;
    let query = format!("response_type=code&client_id={CLIENT_ID}&redirect_uri={BACK}&state=a%26b&{CHALLENGE}");
    let back = desk.authorize(&query).await;
    assert_eq!((back["state"].as_str(), back["expires_in"].as_str()), ("a&b", "60"));
    let given = desk.exchange(&back["code"], VERIFIER).await.unwrap();
    assert_eq!((&given["expires_in"], &given["refresh_token_expires_in"]), (&json!(3_600), &json!(604_800)));
    assert_eq!(desk.status_with(&given["access_token"]).await, StatusCode::OK);
    assert_eq!(desk.exchange(&back["code"], VERIFIER).await, denied("invalid_grant", "OAU-106"), "used before");
    let late = desk.code(CHALLENGE).await;
    desk.wait(60);
    assert_eq!(desk.exchange(&late, VERIFIER).await, denied("invalid_grant", "OAU-108"));
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_loopback_or_by_an_unknown_application() {
    let desk = Desk::open().await;
    for query in [
        format!("response_type=code&client_id={CLIENT_ID}&redirect_uri=https://example.com/back"),
        format!("response_type=code&client_id={CLIENT_ID}&redirect_uri=http://example.com/"),
        format!("response_type=code&client_id={CLIENT_ID}"),
        format!("response_type=code&client_id=other&redirect_uri={BACK}"),
    ] {
        let answer = browser().get(format!("{}/restapi/oauth/authorize?{query}", desk.base)).send().await.unwrap();
        assert_eq!(read_refusal(answer).await, refusal(400, "CMN-101"), "{query}");
    }
}

#[tokio::test]
async fn a_user_who_declines_comes_back_without_a_code() {
    let desk = Desk::open().await;
    desk.state.set_user_declines(true);
    let query = format!("response_type=code&client_id={CLIENT_ID}&redirect_uri={BACK}&state=s1");
    let back = desk.authorize(&query).await;
    assert_eq!((back["error"].as_str(), back["state"].as_str()), ("access_denied", "s1"));
    assert!(!back.contains_key("code"));
    desk.state.set_user_declines(false);
    for (odd, error) in [
        (query.replace("=code", "=token"), "unsupported_response_type"),
        (format!("{query}&code_challenge=short"), "invalid_request"),
        (format!("{query}&{CHALLENGE}12"), "invalid_request"),
        (format!("{query}&code_challenge_method=S256"), "invalid_request"),
    ] {
        assert_eq!(desk.authorize(&odd).await["error"], error, "{odd}");
    }
}

#[tokio::test]
async fn a_code_is_given_only_to_whoever_asked_for_it() {
    let desk = Desk::open().await;
    let code = desk.code(CHALLENGE).await;
    let other = VERIFIER.replace('d', "e");
    assert_eq!(desk.exchange(&code, &other).await, denied("invalid_grant", "OAU-113"));
    assert_eq!(desk.exchange(&code, VERIFIER).await, denied("invalid_grant", "OAU-106"), "a wrong try uses it up");
    let code = desk.code(CHALLENGE).await;
    let elsewhere =
        [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", "http://localhost/")];
    assert_eq!(desk.grant(&elsewhere).await, denied("invalid_grant", "OAU-109"));
    let plain = desk.code(&format!("code_challenge={VERIFIER}")).await;
    assert!(desk.exchange(&plain, VERIFIER).await.is_ok(), "without a method the challenge is the verifier itself");
}

#[tokio::test]
async fn without_a_challenge_the_secret_of_the_application_is_needed() {
    let desk = Desk::open().await;
    let code = desk.code("").await;
    let form = |code: &str| {
        let pairs = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK)];
        pairs.map(|(key, value)| (key, value.to_owned()))
    };
    let pairs = form(&code);
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|it| (it.0, it.1.as_str())).collect();
    assert_eq!(desk.grant(&pairs).await, denied("invalid_client", "OAU-153"));
    let code = desk.code("").await;
    let url = format!("{}/restapi/oauth/token", desk.base);
    let answer = desk.client.post(url).basic_auth(CLIENT_ID, Some(CLIENT_SECRET)).form(&form(&code)).send().await;
    assert!(told(answer.unwrap()).await.unwrap()["refresh_token"].is_string());
}

#[tokio::test]
async fn refreshing_ends_the_access_token_before_and_is_repeated_only_for_a_moment() {
    let desk = Desk::open().await;
    let first = desk.signed_in().await;
    let old = first["refresh_token"].as_str().unwrap();
    let second = desk.refresh(old).await.unwrap();
    assert_eq!(second["session_id"], first["session_id"]);
    assert_eq!(desk.status_with(&first["access_token"]).await, StatusCode::UNAUTHORIZED);
    desk.wait(59 * 60);
    let again = desk.refresh(old).await.unwrap();
    assert_eq!(again["access_token"], second["access_token"], "it was never used");
    assert_eq!((&again["refresh_token"], &again["expires_in"]), (&second["refresh_token"], &json!(60)));
    assert_eq!(desk.status_with(&second["access_token"]).await, StatusCode::OK);
    desk.wait(9);
    assert!(desk.refresh(old).await.is_ok());
    desk.wait(1);
    assert_eq!(desk.refresh(old).await, denied("invalid_grant", "OAU-213"), "ten seconds after the first use");
    assert!(desk.refresh(second["refresh_token"].as_str().unwrap()).await.is_ok());
    assert_eq!(desk.refresh("other").await, denied("invalid_grant", "OAU-213"));
}

#[tokio::test]
async fn an_unused_access_token_is_repeated_for_an_hour_and_a_refresh_token_lives_for_a_week() {
    let desk = Desk::open().await;
    let first = desk.signed_in().await;
    desk.refresh(first["refresh_token"].as_str().unwrap()).await.unwrap();
    desk.wait(3_600);
    let late = desk.refresh(first["refresh_token"].as_str().unwrap()).await;
    assert_eq!(late, denied("invalid_grant", "OAU-213"));
    desk.state.set_refresh_seconds(100);
    let short = desk.signed_in().await;
    assert_eq!(short["refresh_token_expires_in"], 100);
    desk.wait(100);
    assert!(desk.refresh(short["refresh_token"].as_str().unwrap()).await.is_err());
    desk.state.set_refresh_tokens(false);
    assert!(desk.signed_in().await["refresh_token"].is_null());
}

#[tokio::test]
async fn a_sixth_session_ends_the_oldest_and_signing_out_ends_a_whole_one() {
    let desk = Desk::open().await;
    assert_eq!(desk.state.sessions(), 1, "the desk's own");
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(desk.signed_in().await);
    }
    assert_eq!(desk.state.sessions(), 5);
    assert_eq!(desk.refused(LOG).await, refusal(401, "OAU-213"), "the desk's own was the oldest");
    assert_eq!(desk.status_with(&all[0]["access_token"]).await, StatusCode::OK);
    for (token, other) in [("refresh_token", "access_token"), ("access_token", "refresh_token")] {
        let session = all.pop().unwrap();
        let url = format!("{}/restapi/oauth/revoke", desk.base);
        let form = [("token", session[token].as_str().unwrap())];
        assert_eq!(desk.client.post(url).form(&form).send().await.unwrap().status(), StatusCode::OK);
        assert_eq!(
            desk.status_with(&session["access_token"]).await,
            StatusCode::UNAUTHORIZED,
            "not even by its {other}"
        );
        assert!(desk.refresh(session["refresh_token"].as_str().unwrap()).await.is_err());
    }
    assert_eq!(desk.state.sessions(), 3);
    desk.state.expire_access_tokens();
    assert_eq!(desk.state.sessions(), 3, "they can still refresh");
    desk.wait(604_800);
    assert_eq!(desk.state.sessions(), 0);
}

#[tokio::test]
async fn an_access_token_can_die_in_the_middle_of_a_walk() {
    let mut desk = Desk::open().await;
    desk.state.set_token_requests(2);
    desk.sign_in().await;
    desk.get(LOG).await;
    desk.get(LOG).await;
    assert_eq!(desk.refused(LOG).await, refusal(401, "OAU-128"));
    let given = desk.signed_in().await;
    assert!(desk.refresh(given["refresh_token"].as_str().unwrap()).await.is_ok());
}
