from openviber_app.domain import errors
from openviber_app.domain.statuses import BindingStatus


def test_an_error_says_its_facts_in_a_lower_case_sentence() -> None:
    samples = [
        errors.NotFoundError("environment"),
        errors.NotSignedInError(),
        errors.TooManyRequestsError(3),
        errors.SecretUnreadableError("TOKEN"),
        errors.IllegalTransitionError(BindingStatus.READY, BindingStatus.ERROR),
    ]
    for sample in samples:
        assert isinstance(sample, errors.OpenViberError)
        assert str(sample)[0].islower()


def test_an_input_error_carries_every_problem() -> None:
    error = errors.InvalidInputError(
        [errors.Problem("/name", "too long"), errors.Problem("/type", "unknown")]
    )
    assert [problem.pointer for problem in error.problems] == ["/name", "/type"]
    assert str(error) == "/name: too long; /type: unknown"


def test_a_transition_knows_both_ends_and_is_a_conflict() -> None:
    error = errors.IllegalTransitionError(BindingStatus.READY, BindingStatus.ERROR)
    assert (error.current, error.wanted) == (BindingStatus.READY, BindingStatus.ERROR)
    assert isinstance(error, errors.ConflictError)
